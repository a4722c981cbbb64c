import { describeStack } from './javascript-error.ts';
import { createJsonReader } from './json-report.ts';
import { createCounts } from './json-counts.ts';
import { selectPaths } from './json-paths.ts';
import { fieldOf, numberOf, textOf, toMicroseconds } from './json-values.ts';
import type { AttemptStatus, ReportReader } from './report-events.ts';
import { createWarnings } from './report-warnings.ts';
import { createTestEvents, type FailureWords, type TestRun } from './test-events.ts';

const MICROSECONDS_PER_MILLISECOND = 1_000;
/** More retries than anyone configures; a number beyond it is not believed. */
const MOST_RETRIES = 100;

const LISTS: ReadonlyMap<string, readonly [AttemptStatus, statusRaw: string]> = new Map([
  ['passes', ['PASSED', 'passed']],
  ['failures', ['FAILED', 'failed']],
  ['pending', ['SKIPPED', 'pending']],
]);

/**
 * Makes the reader for one JSON report of Mocha. Its lists `pending`, `failures` and `passes` are read, in the order in which they
 * stand; `tests` holds the same tests again, without their outcome. Hooks that failed are among the failures. The suite is what
 * `fullTitle` has before `title`, since the report does not part nested ones. `currentRetry` says how often a test failed before
 * its outcome: each is an attempt of which nothing else is known.
 */
export function createMochaReader(): ReportReader {
  const events = createTestEvents();
  const warnings = createWarnings();
  const counts = createCounts([...LISTS.keys()]);
  const select = selectPaths(['stats', ...[...LISTS.keys()].map((list) => `${list}.*`)]);
  let lists = 0;
  let stats: unknown;

  return createJsonReader({
    open(path, kind) {
      if (path.length === 1 && LISTS.has(String(path[0])) && kind === 'ARRAY') lists += 1;
      return select(path);
    },
    value(path, value) {
      const list = String(path[0]);
      const outcome = LISTS.get(list);
      if (outcome == null) {
        stats = value;
        return [];
      }
      if (textOf(value, 'title') === '' && textOf(value, 'fullTitle') === '') {
        warnings.add('SKIPPED_ITEM', 'Tests without a title were skipped');
        return [];
      }
      counts.add(list);
      return runsOf(value, ...outcome).flatMap((run) => events.attempt(run));
    },
    end: () => [...warnings.events(), ...counts.compare(stats)],
    missing: () =>
      lists > 0
        ? undefined
        : 'The JSON has no passes, failures or pending, which a report of Mocha has.',
  });
}

/** The attempts of a test in order; the last is its outcome. */
function runsOf(test: unknown, status: AttemptStatus, statusRaw: string): readonly TestRun[] {
  const name = textOf(test, 'title') || textOf(test, 'fullTitle');
  const whole = { suites: [suiteOf(test)], name, file: textOf(test, 'file') };
  const told = Math.floor(numberOf(test, 'currentRetry') ?? 0);
  const retries = told > 0 && told <= MOST_RETRIES ? told : 0;
  return [
    ...Array.from(
      { length: retries },
      () => ({ ...whole, status: 'FAILED', statusRaw: 'retry' }) as const,
    ),
    {
      ...whole,
      status,
      statusRaw,
      durationUs: toMicroseconds(numberOf(test, 'duration'), MICROSECONDS_PER_MILLISECOND),
      failures: [failureOf(fieldOf(test, 'err'))],
    },
  ];
}

function suiteOf(test: unknown): string {
  const title = textOf(test, 'title');
  const fullTitle = textOf(test, 'fullTitle');
  return title !== '' && fullTitle.endsWith(title) ? fullTitle.slice(0, -title.length).trim() : '';
}

function failureOf(error: unknown): FailureWords {
  const stack = describeStack(textOf(error, 'stack'));
  return {
    message: textOf(error, 'message') || stack.message,
    type: textOf(error, 'name') || stack.type,
    stack: stack.stack,
  };
}
