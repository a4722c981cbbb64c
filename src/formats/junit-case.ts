import { toFailure, type Failure } from './failure-text.ts';
import { parseDurationUs, parseLine, parseTimestamp } from './junit-values.ts';
import type { AttemptEvent, AttemptStatus } from './report-events.ts';
import { describeOutcome } from './xml-attempt.ts';
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
  const base = describeCase(sink, suite, testCase);
  const retries = childrenOf(testCase).flatMap((retry) => {
    const status = RETRIES.get(retry.name);
    if (status == null) return [];
    const verdict = { status, statusRaw: retry.name };
    return [{ ...base, ...describeRun(sink, retry, verdict, [toJunitFailure(retry)]) }];
  });
  const failures = childrenOf(testCase)
    .filter(({ name }) => VERDICTS.some(([element]) => element === name))
    .map(toJunitFailure);
  const last = describeRun(sink, testCase, statusOfCase(testCase), failures);
  const startedAt = last.startedAt ?? suite.startedAt;
  return [...retries, { ...base, ...last }].map((attempt) => ({
    ...attempt,
    startedAt: attempt.startedAt ?? startedAt,
  }));
}

/** What all attempts of a case have in common. */
function describeCase(sink: ReportSink, suite: Suite, testCase: XmlElement) {
  const { attributes } = testCase;
  const { properties, isCut } = propertiesIn(childAt(testCase, 'properties'));
  if (isCut)
    sink.warn('SKIPPED_ITEM', 'Of the properties of a case only the first 1,000 were kept.');
  return {
    kind: 'ATTEMPT',
    suite: suite.path,
    className: attributes['classname'] ?? '',
    name: attributes['name'] ?? '',
    file: attributes['file'] || suite.file,
    line: parseLine(attributes['line']),
    properties,
    suiteProperties: suite.properties,
  } as const;
}

/** What one attempt has of its own: `run` is the case, or the retry in it. */
function describeRun(
  sink: ReportSink,
  run: XmlElement,
  verdict: Verdict,
  failures: readonly Failure[],
) {
  return {
    ...describeOutcome({
      ...verdict,
      failures,
      out: outputOf(run, 'system-out'),
      err: outputOf(run, 'system-err'),
    }),
    durationUs: sink.read(parseDurationUs, 'time', run.attributes['time']),
    startedAt: sink.read(parseTimestamp, 'timestamp', run.attributes['timestamp']),
  };
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
