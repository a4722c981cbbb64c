import { toFailure, type Failure } from './failure-text.ts';
import { parseDurationUs, parseLine, parseTimestamp } from './junit-values.ts';
import type { AttemptEvent, AttemptStatus } from './report-events.ts';
import { toAttempt, type Run, type Test } from './xml-attempt.ts';
import { propertiesIn } from './xml-properties.ts';
import type { ReportSink, UncountedAttempt } from './xml-report.ts';
import type { Suite } from './xml-suites.ts';
import { childAt, childrenOf, textIn, type XmlElement } from './xml-tree.ts';

/** Retries that Surefire, Gradle and nextest write inside a case: attempts that failed before the final one. */
const RETRIES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['flakyFailure', 'FAILED'],
  ['flakyError', 'ERRORED'],
  ['rerunFailure', 'FAILED'],
  ['rerunError', 'ERRORED'],
]);

/** What decides the outcome of a case, strongest first. */
const VERDICTS: readonly (readonly [element: string, status: AttemptStatus])[] = [
  ['error', 'ERRORED'],
  ['failure', 'FAILED'],
  ['skipped', 'SKIPPED'],
];

const NOT_RUN: readonly string[] = ['disabled', 'notrun'];

const OUTPUTS: readonly string[] = ['system-out', 'system-err'];

type Verdict = Pick<AttemptEvent, 'status' | 'statusRaw'>;

/** Gives the outcome of a `testcase` itself, whatever its retries: the strongest that is there decides. */
export function statusOfCase(testCase: XmlElement): Verdict {
  const names = new Set(childrenOf(testCase).map(({ name }) => name));
  const verdict = VERDICTS.find(([element]) => names.has(element));
  if (verdict != null) return { statusRaw: verdict[0], status: verdict[1] };

  const statusRaw = testCase.attributes['status'] || 'passed';
  const isNotRun = NOT_RUN.includes(statusRaw.toLowerCase());
  return { statusRaw, status: isNotRun ? 'SKIPPED' : 'PASSED' };
}

/** Gives the attempts of a `testcase`: its retries in document order, then its own outcome, with every text of it. */
export function attemptsOfCase(
  sink: ReportSink,
  suite: Suite,
  testCase: XmlElement,
): readonly UncountedAttempt[] {
  const children = childrenOf(testCase);
  const test = toTest(sink, suite, testCase);
  const failures = children
    .filter(({ name }) => VERDICTS.some(([element]) => element === name))
    .map(toJunitFailure);
  const start = startOf(sink, testCase) ?? suite.startedAt;
  const last = toRun(sink, testCase, { ...statusOfCase(testCase), failures, startedAt: start });
  const retries = children.flatMap((retry) => {
    const status = RETRIES.get(retry.name);
    if (status == null) return [];
    const startedAt = startOf(sink, retry) ?? start;
    const retryFailures = [toJunitFailure(retry)];
    return [
      toRun(sink, retry, { status, statusRaw: retry.name, failures: retryFailures, startedAt }),
    ];
  });
  return [...retries, last].map((run) => toAttempt(test, run));
}

function toTest(sink: ReportSink, suite: Suite, testCase: XmlElement): Test {
  const { attributes } = testCase;
  const { properties, isCut } = propertiesIn(childAt(testCase, 'properties'));
  if (isCut)
    sink.warn('SKIPPED_ITEM', 'Of the properties of a case only the first 1,000 were kept.');
  return {
    suite: suite.path,
    className: attributes['classname'] ?? '',
    name: attributes['name'] ?? '',
    file: attributes['file'] || suite.file,
    line: parseLine(attributes['line']),
    properties,
    suiteProperties: suite.properties,
  };
}

/** Adds what stands in the element of the run, which is the case or the retry in it. */
function toRun(
  sink: ReportSink,
  element: XmlElement,
  run: Verdict & Pick<Run, 'failures' | 'startedAt'>,
): Run {
  return {
    ...run,
    durationUs: sink.read(parseDurationUs, 'time', element.attributes['time']),
    out: outputOf(element, 'system-out'),
    err: outputOf(element, 'system-err'),
  };
}

function startOf(sink: ReportSink, run: XmlElement): Date | null {
  return sink.read(parseTimestamp, 'timestamp', run.attributes['timestamp']);
}

function outputOf(run: XmlElement, name: string): string {
  return childrenOf(run, name)
    .map((output) => textIn(output))
    .join('\n');
}

function toJunitFailure(element: XmlElement): Failure {
  const { message, type } = element.attributes;
  return toFailure({ message, type, body: textIn(element, OUTPUTS) });
}
