import { describeStack } from './javascript-error.ts';
import { createJsonReader } from './json-report.ts';
import { createCounts } from './json-counts.ts';
import { selectPaths } from './json-paths.ts';
import {
  fieldOf,
  itemsOf,
  lineOf,
  numberOf,
  textOf,
  textsOf,
  toInstant,
  toMicroseconds,
} from './json-values.ts';
import type { AttemptStatus, ReportEvent, ReportReader } from './report-events.ts';
import { createWarnings } from './report-warnings.ts';
import { createTestEvents, type TestRun } from './test-events.ts';

const MICROSECONDS_PER_MILLISECOND = 1_000;
/** More retries than anyone configures; a number beyond it is not believed. */
const MOST_RETRIES = 100;

/** Name of the attempt of a file that failed before it had a test; Jest's own reporters use it too. */
export const FAILED_TO_RUN = 'Test suite failed to run';

const STATUSES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['passed', 'PASSED'],
  ['focused', 'PASSED'],
  ['failed', 'FAILED'],
  ['pending', 'SKIPPED'],
  ['skipped', 'SKIPPED'],
  ['todo', 'SKIPPED'],
  ['disabled', 'SKIPPED'],
]);

/** The total in which a status counts. */
const COUNTED_IN: ReadonlyMap<AttemptStatus, string> = new Map([
  ['PASSED', 'numPassedTests'],
  ['FAILED', 'numFailedTests'],
]);

/**
 * Makes the reader for one JSON report of Jest (`--json`) or of Vitest (`--reporter=json`), which writes the same. The names
 * around a test (`describe`) are its suites. `invocations` and `retryReasons` say how often it failed before its outcome: each is
 * an attempt. A file that failed to run has one `ERRORED` attempt.
 */
export function createJestReader(): ReportReader {
  const events = createTestEvents();
  const warnings = createWarnings();
  const counts = createCounts([...COUNTED_IN.values()]);
  const totals = new Map<string, unknown>();
  const select = selectPaths(['testResults.*', ...COUNTED_IN.values()]);
  let hasResults = false;

  function readTest(test: unknown, file: unknown): readonly ReportEvent[] {
    const title = textOf(test, 'title') || textOf(test, 'fullName');
    const word = textOf(test, 'status');
    if (title === '' || word === '') {
      warnings.add('SKIPPED_ITEM', 'Tests without a title or a status were skipped');
      return [];
    }
    const status = STATUSES.get(word) ?? 'OTHER';
    counts.add(COUNTED_IN.get(status) ?? '');
    return runsOf(test, { name: title, status, statusRaw: word, file: nameOf(file) }).flatMap(
      (run) => events.attempt(run),
    );
  }

  return createJsonReader({
    open(path, kind) {
      if (path.length === 1 && path[0] === 'testResults' && kind === 'ARRAY') hasResults = true;
      return select(path);
    },
    value(path, value) {
      if (path[0] !== 'testResults') {
        totals.set(String(path[0]), value);
        return [];
      }
      const tests = itemsOf(value, 'assertionResults').flatMap((test) => readTest(test, value));
      return [...tests, ...failureToRun(value).flatMap((run) => events.attempt(run))];
    },
    end: () => [...warnings.events(), ...counts.compare(Object.fromEntries(totals))],
    missing: () =>
      hasResults ? undefined : 'The JSON has no testResults, which a report of Jest has.',
  });
}

function nameOf(file: unknown): string {
  return textOf(file, 'name') || textOf(file, 'testFilePath');
}

type Verdict = Pick<TestRun, 'name' | 'status' | 'statusRaw'> & { readonly file: string };

/** The attempts of a test in order; the last is its outcome. */
function runsOf(test: unknown, verdict: Verdict): readonly TestRun[] {
  const whole = {
    ...verdict,
    suites: textsOf(test, 'ancestorTitles'),
    line: lineOf(fieldOf(test, 'location')),
  };
  const reasons = textsOf(test, 'retryReasons');
  const invocations = numberOf(test, 'invocations') ?? 1;
  const retries = Math.min(Math.max(Math.floor(invocations) - 1, reasons.length), MOST_RETRIES);
  const earlier = Array.from({ length: retries }, (_, index): TestRun => {
    const failures = reasons.slice(index, index + 1).map(describeStack);
    return { ...whole, status: 'FAILED', statusRaw: 'retry', failures };
  });
  return [
    ...earlier,
    {
      ...whole,
      durationUs: toMicroseconds(numberOf(test, 'duration'), MICROSECONDS_PER_MILLISECOND),
      failures: textsOf(test, 'failureMessages').map(describeStack),
      startedAt: toInstant(numberOf(test, 'startAt')),
    },
  ];
}

/** A file that broke has no test that failed, and a message or an error. */
function failureToRun(file: unknown): readonly TestRun[] {
  const error = fieldOf(file, 'testExecError');
  const failed = itemsOf(file, 'assertionResults').some(
    (test) => textOf(test, 'status') === 'failed',
  );
  const message = textOf(file, 'message') || textOf(file, 'failureMessage');
  if (error == null && (failed || textOf(file, 'status') !== 'failed')) return [];
  const failures =
    message === ''
      ? [{ message: textOf(error, 'message'), stack: textOf(error, 'stack') }]
      : [describeStack(message)];
  return [
    {
      suites: [],
      name: FAILED_TO_RUN,
      file: nameOf(file),
      status: 'ERRORED',
      statusRaw: error == null ? 'failed' : 'testExecError',
      failures,
      startedAt: toInstant(numberOf(file, 'startTime')),
    },
  ];
}
