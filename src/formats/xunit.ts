import { toFailure } from './failure-text.ts';
import { parseDurationUs, parseLine, parseTimestamp } from './junit-values.ts';
import type { AttemptStatus, ReportReader } from './report-events.ts';
import { toAttempt } from './xml-attempt.ts';
import { casesIn } from './xml-counts.ts';
import type { Attributes } from './xml-document.ts';
import { assemblyName, dotnetFailure, nameInClass, parseTimeSpanUs } from './xml-dotnet.ts';
import { propertiesIn } from './xml-properties.ts';
import {
  createXmlReportReader,
  quote,
  type ReportSink,
  type UncountedAttempt,
} from './xml-report.ts';
import { createSuites, tellContradictions, type Suite } from './xml-suites.ts';
import { childAt, childrenOf, textIn, type XmlElement, type XmlTreeReader } from './xml-tree.ts';

const STATUSES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['pass', 'PASSED'],
  ['fail', 'FAILED'],
  ['skip', 'SKIPPED'],
  ['notrun', 'SKIPPED'],
]);

/**
 * Makes a reader for one xUnit.net report, of format v2 in any of its schema versions (what xUnit.net 2 and 3 write). The
 * suites are the assemblies, by file name, and the collections.
 */
export function createXunitReader(): ReportReader {
  return createXmlReportReader({
    title: 'xUnit.net XML',
    roots: ['assemblies', 'assembly'],
    createTreeReader: createXunitTreeReader,
  });
}

function createXunitTreeReader(sink: ReportSink): XmlTreeReader {
  const suites = createSuites(sink);

  function openSuite(name: string, attributes: Attributes): void {
    const startedAt = sink.read(parseTimestamp, 'run-date', startOf(attributes));
    sink.beginSuite(suites.open({ name, startedAt, attributes }).path);
  }

  return {
    parts: ['error'],
    cases: ['test'],
    enter(element, attributes) {
      if (element === 'assembly') openSuite(assemblyName(attributes['name']), attributes);
      if (element === 'collection') openSuite(collectionName(attributes['name']), attributes);
    },
    leave(element) {
      if (element !== 'assembly' && element !== 'collection') return;
      const suite = suites.close();
      tellContradictions(sink, suite, countsOf(suite));
    },
    take(element) {
      if (element.name === 'error') tellError(sink, suites.current(), element);
      if (element.name !== 'test') return;
      const attempt = attemptOf(sink, suites.current(), element);
      suites.countCase(attempt.status);
      sink.addAttempt(attempt);
    },
  };
}

function startOf({ 'start-rtf': start, 'run-date': date, 'run-time': time }: Attributes) {
  return start ?? (date && time ? `${date}T${time}` : date);
}

/** xUnit.net 3 adds an id that is made of the path of the assembly. */
function collectionName(name = ''): string {
  return name.replace(/ \(id: [0-9a-f]+\)$/, '');
}

function attemptOf(sink: ReportSink, suite: Suite, test: XmlElement): UncountedAttempt {
  const { attributes } = test;
  const className = attributes['type'] ?? '';
  const result = attributes['result'] ?? '';
  const described = {
    suite: suite.path,
    className,
    name: nameInClass(attributes['name'] ?? attributes['method'] ?? '', className),
    file: attributes['source-file'] ?? '',
    line: parseLine(attributes['source-line']),
    properties: propertiesIn(childAt(test, 'traits')).properties,
    suiteProperties: suite.properties,
  };
  return toAttempt(described, {
    status: STATUSES.get(result.toLowerCase()) ?? 'OTHER',
    statusRaw: result,
    durationUs: durationOf(sink, attributes),
    startedAt: sink.read(parseTimestamp, 'start-rtf', attributes['start-rtf']) ?? suite.startedAt,
    failures: [
      ...childrenOf(test, 'failure').map(dotnetFailure),
      ...childrenOf(test, 'reason').map((reason) => toFailure({ message: textIn(reason) })),
    ],
    out: textIn(childAt(test, 'output')),
  });
}

function durationOf(sink: ReportSink, { time, 'time-rtf': timeSpan }: Attributes): number | null {
  if (timeSpan != null) return sink.read(parseTimeSpanUs, 'time-rtf', timeSpan);
  return sink.read(parseDurationUs, 'time', time);
}

function countsOf({ all, attributes }: Suite): Record<string, readonly number[]> {
  return {
    total: [casesIn(all)],
    passed: [all.PASSED],
    failed: [all.FAILED],
    skipped: [all.SKIPPED, all.SKIPPED - Number(attributes['not-run'])],
  };
}

/** E.g. a fixture that broke when it was disposed of: no test failed, the run did. */
function tellError(sink: ReportSink, suite: Suite, error: XmlElement): void {
  const { type = 'error', name = '' } = error.attributes;
  const message = textIn(childAt(error, 'failure', 'message'));
  const what = [type, quote(name)].filter(Boolean).join(' of ');
  sink.warn(
    'SKIPPED_ITEM',
    `The suite "${quote(suite.path)}" has an error outside of its tests (${what}): ${quote(message, 500)}`,
  );
}
