import { attemptOfNunitCase } from './nunit-case.ts';
import { parseTimestamp } from './junit-values.ts';
import type { AttemptEvent, AttemptStatus, ReportReader } from './report-events.ts';
import { casesIn } from './xml-counts.ts';
import type { Attributes } from './xml-document.ts';
import { dotnetFailure } from './xml-dotnet.ts';
import { createXmlReportReader, quote, type ReportSink } from './xml-report.ts';
import { createSuites, tellContradictions, type Suite } from './xml-suites.ts';
import type { XmlElement, XmlTreeReader } from './xml-tree.ts';

const STATUSES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['passed', 'PASSED'],
  // The test passed, and said that something is odd.
  ['warning', 'PASSED'],
  ['failed', 'FAILED'],
  ['skipped', 'SKIPPED'],
]);

/** Where a suite itself can fail: its failures elsewhere only say that a test in it failed. */
const SITES_OF_SUITES: readonly string[] = ['SetUp', 'TearDown'];

/**
 * Makes a reader for one NUnit 3 report. The suites are the assembly, the namespaces and the fixtures, by name.
 * A retry leaves no trace in the report but its last attempt.
 */
export function createNunit3Reader(): ReportReader {
  return createXmlReportReader({
    title: 'NUnit 3',
    roots: ['test-run', 'test-suite'],
    createTreeReader: createNunit3TreeReader,
  });
}

function createNunit3TreeReader(sink: ReportSink): XmlTreeReader {
  const suites = createSuites(sink);

  return {
    parts: ['properties', 'failure'],
    cases: ['test-case'],
    enter(element, attributes) {
      if (element !== 'test-run' && element !== 'test-suite') return;
      const startedAt = sink.read(parseTimestamp, 'start-time', startOf(attributes));
      // The name of a run is that of its only assembly, or nothing.
      const name = element === 'test-run' ? undefined : attributes['name'];
      const suite = suites.open({ name, startedAt, attributes });
      if (element === 'test-suite') sink.beginSuite(suite.path);
    },
    leave(element) {
      if (element !== 'test-run' && element !== 'test-suite') return;
      const suite = suites.close();
      tellContradictions(sink, suite, countsOf(suite));
    },
    take(element) {
      if (element.name === 'properties') suites.addProperties(element);
      if (element.name === 'failure') tellFailure(sink, suites.current(), element);
      if (element.name !== 'test-case') return;
      const verdict = verdictOf(element.attributes);
      suites.countCase(verdict.status);
      sink.addAttempt(attemptOfNunitCase(sink, suites.current(), element, verdict));
    },
  };
}

/** Early versions have the date apart. */
function startOf(attributes: Attributes): string | undefined {
  const { 'run-date': date, 'start-time': time } = attributes;
  return date != null && time != null && !time.includes('-') ? `${date}T${time}` : time;
}

function verdictOf({ result = '', label }: Attributes): Pick<AttemptEvent, 'status' | 'statusRaw'> {
  const status = STATUSES.get(result.toLowerCase()) ?? 'OTHER';
  return {
    status: status === 'FAILED' && label === 'Error' ? 'ERRORED' : status,
    // As NUnit itself writes the two in one word.
    statusRaw: label ? `${result}:${quote(label)}` : result,
  };
}

function countsOf({ all, attributes }: Suite): Record<string, readonly number[]> {
  return {
    total: [casesIn(all)],
    passed: [all.PASSED, all.PASSED - Number(attributes['warnings'])],
    failed: [all.FAILED + all.ERRORED],
    skipped: [all.SKIPPED],
    inconclusive: [all.OTHER],
  };
}

function tellFailure(sink: ReportSink, suite: Suite, failure: XmlElement): void {
  const { site = '' } = suite.attributes;
  if (!SITES_OF_SUITES.includes(site)) return;
  const { message = '' } = dotnetFailure(failure);
  sink.warn(
    'SKIPPED_ITEM',
    `The suite "${quote(suite.path)}" failed in its ${site}: ${quote(message, 500)}`,
  );
}
