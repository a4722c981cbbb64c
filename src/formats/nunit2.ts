import { attemptOfNunitCase } from './nunit-case.ts';
import { parseTimestamp } from './junit-values.ts';
import type { AttemptEvent, AttemptStatus, ReportReader } from './report-events.ts';
import { casesIn } from './xml-counts.ts';
import type { Attributes } from './xml-document.ts';
import { assemblyName } from './xml-dotnet.ts';
import { createXmlReportReader, type ReportSink } from './xml-report.ts';
import { createSuites, tellContradictions, type Suite } from './xml-suites.ts';
import type { XmlTreeReader } from './xml-tree.ts';

const STATUSES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['success', 'PASSED'],
  ['failure', 'FAILED'],
  ['error', 'ERRORED'],
  ['cancelled', 'ERRORED'],
  ['ignored', 'SKIPPED'],
  ['skipped', 'SKIPPED'],
  ['notrunnable', 'SKIPPED'],
]);

/** Makes a reader for one NUnit 2 report. The suites are the assembly, the namespaces and the fixtures, by name. */
export function createNunit2Reader(): ReportReader {
  return createXmlReportReader({
    title: 'NUnit 2',
    roots: ['test-results', 'test-suite'],
    createTreeReader: createNunit2TreeReader,
  });
}

function createNunit2TreeReader(sink: ReportSink): XmlTreeReader {
  const suites = createSuites(sink);

  return {
    parts: ['properties'],
    cases: ['test-case'],
    enter(element, attributes) {
      if (element === 'test-results')
        suites.open({ startedAt: startOf(sink, attributes), attributes });
      if (element === 'test-suite')
        sink.beginSuite(suites.open({ name: suiteName(attributes), attributes }).path);
    },
    leave(element) {
      if (element === 'test-suite') suites.close();
      if (element !== 'test-results') return;
      const report = suites.close();
      tellContradictions(sink, report, countsOf(report));
    },
    take(element) {
      if (element.name === 'properties') suites.addProperties(element);
      if (element.name !== 'test-case') return;
      const verdict = verdictOf(element.attributes);
      suites.countCase(verdict.status);
      sink.addAttempt(attemptOfNunitCase(sink, suites.current(), element, verdict));
    },
  };
}

function startOf(sink: ReportSink, { date, time }: Attributes): Date | null {
  return sink.read(parseTimestamp, 'date', date && time ? `${date}T${time.trim()}` : date);
}

/** Projects and assemblies are named by their path. */
function suiteName({ name = '', type }: Attributes): string {
  const isPath = type === 'Assembly' || type === 'Test Project' || /[\\/].*\.\w+$/.test(name);
  return isPath ? assemblyName(name) : name;
}

/** Before NUnit 2.5 a case has no `result`. */
function verdictOf(attributes: Attributes): Pick<AttemptEvent, 'status' | 'statusRaw'> {
  const { result, executed = '', success = '' } = attributes;
  if (result) return { status: STATUSES.get(result.toLowerCase()) ?? 'OTHER', statusRaw: result };
  if (executed.toLowerCase() === 'false')
    return { status: 'SKIPPED', statusRaw: `executed=${executed}` };
  const word = success.toLowerCase();
  const status = word === 'true' ? 'PASSED' : word === 'false' ? 'FAILED' : 'OTHER';
  return { status, statusRaw: `success=${success}` };
}

/** `total` is without what was not run; before 2.5 errors count as failures. */
function countsOf({ all }: Suite): Record<string, readonly number[]> {
  return {
    total: [casesIn(all) - all.SKIPPED, casesIn(all)],
    failures: [all.FAILED, all.FAILED + all.ERRORED],
    errors: [all.ERRORED],
    'not-run': [all.SKIPPED],
    inconclusive: [all.OTHER],
  };
}
