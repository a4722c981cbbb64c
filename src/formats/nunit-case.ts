import { toFailure, type Failure } from './failure-text.ts';
import { parseDurationUs, parseTimestamp } from './junit-values.ts';
import type { AttemptEvent } from './report-events.ts';
import { toAttempt } from './xml-attempt.ts';
import { dotnetFailure, splitFullName } from './xml-dotnet.ts';
import { propertyEntriesIn, toProperties } from './xml-properties.ts';
import type { ReportSink, UncountedAttempt } from './xml-report.ts';
import type { Suite } from './xml-suites.ts';
import { childAt, childrenOf, textIn, type XmlElement } from './xml-tree.ts';

/** Gives the attempt of a `test-case` of NUnit 2 or 3, whose outcome is known. */
export function attemptOfNunitCase(
  sink: ReportSink,
  suite: Suite,
  testCase: XmlElement,
  verdict: Pick<AttemptEvent, 'status' | 'statusRaw'>,
): UncountedAttempt {
  const { attributes } = testCase;
  const duration = attributes['duration'] ?? attributes['time'];
  const test = {
    suite: suite.path,
    ...testOf(attributes),
    file: '',
    line: null,
    properties: propertiesOf(testCase),
    suiteProperties: suite.properties,
  };
  const startedAt = sink.read(parseTimestamp, 'start-time', attributes['start-time']);
  return toAttempt(test, {
    status: verdict.status,
    statusRaw: verdict.statusRaw,
    durationUs: sink.read(parseDurationUs, 'duration', duration),
    startedAt: startedAt ?? suite.startedAt,
    failures: failuresOf(testCase),
    out: textIn(childAt(testCase, 'output')),
  });
}

/** NUnit 3 names the class, its early versions have the full name beside the name, NUnit 2 has only a full name. */
function testOf(attributes: XmlElement['attributes']): { className: string; name: string } {
  const { name = '', fullname, classname } = attributes;
  if (classname != null) return { className: classname, name };
  if (fullname == null) return splitFullName(name);
  const className = fullname.endsWith(`.${name}`) ? fullname.slice(0, -name.length - 1) : '';
  return { className, name };
}

/** A multiple assertion repeats its assertions in the failure; a warning has only them. */
function failuresOf(testCase: XmlElement): readonly Failure[] {
  const failures = childrenOf(testCase, 'failure').map(dotnetFailure);
  const reasons = childrenOf(testCase, 'reason').map((reason) =>
    toFailure({
      message: textIn(childAt(reason, 'message')),
      body: textIn(childAt(reason, 'stack-trace')),
    }),
  );
  if (failures.length + reasons.length > 0) return [...failures, ...reasons];
  const assertions = childAt(testCase, 'assertions');
  return assertions == null ? [] : childrenOf(assertions, 'assertion').map(dotnetFailure);
}

function propertiesOf(testCase: XmlElement): AttemptEvent['properties'] {
  const categories = childAt(testCase, 'categories');
  return toProperties([
    ...propertyEntriesIn(childAt(testCase, 'properties')),
    ...(categories == null ? [] : childrenOf(categories, 'category')).map(
      ({ attributes }) => ['Category', attributes['name'] ?? ''] as const,
    ),
  ]).properties;
}
