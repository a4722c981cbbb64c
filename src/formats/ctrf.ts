import { createJsonReader } from './json-report.ts';
import { createCounts } from './json-counts.ts';
import { selectPaths } from './json-paths.ts';
import {
  fieldOf,
  isObject,
  itemsOf,
  lineOf,
  numberOf,
  textOf,
  textsOf,
  toInstant,
  toMicroseconds,
} from './json-values.ts';
import { toProperties } from './json-properties.ts';
import type { AttemptStatus, Properties, ReportEvent, ReportReader } from './report-events.ts';
import { createWarnings } from './report-warnings.ts';
import { createTestEvents, type TestRun } from './test-events.ts';

const MICROSECONDS_PER_MILLISECOND = 1_000;
/** More retries than anyone configures; a number beyond it is not believed. */
const MOST_RETRIES = 100;

const STATUSES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['passed', 'PASSED'],
  ['failed', 'FAILED'],
  ['skipped', 'SKIPPED'],
  ['pending', 'SKIPPED'],
  ['other', 'OTHER'],
]);

/** Large, and of no use here. */
const IGNORED_KEYS: ReadonlySet<string> = new Set(['attachments', 'screenshot', 'insights']);

/**
 * Makes the reader for one CTRF report. Lenient where the schema is strict: all it needs is `results.tests`, and of a test
 * `name` and `status`; what is of the wrong type elsewhere is taken as absent, what the schema does not know is passed over. A status
 * it does not know is `OTHER`; summary counts that contradict the tests are a warning.
 *
 * Attempts in `retryAttempts` come before the test's own outcome; some reporters repeat that as their last, which is then
 * left out. A test with `retries` but no `retryAttempts` has that many failed attempts of which nothing else is known. `environment` is
 * `suiteProperties` where it stands before the tests. Contract: ctrf.io schema 1.0.
 */
export function createCtrfReader(): ReportReader {
  const events = createTestEvents();
  const warnings = createWarnings();
  const counts = createCounts(['tests', ...STATUSES.keys()]);
  const select = selectPaths(['results.summary', 'results.environment', 'results.tests.*']);
  let hasTests = false;
  let summary: unknown;
  let environment: Properties = {};

  function readTest(test: unknown): readonly ReportEvent[] {
    const word = textOf(test, 'status');
    if (textOf(test, 'name') === '' || word === '') {
      warnings.add('SKIPPED_ITEM', 'Tests without a name or a status were skipped');
      return [];
    }
    counts.add('tests');
    counts.add(word);
    if (!STATUSES.has(word))
      warnings.add('UNREADABLE_VALUE', 'Tests with a status that CTRF does not know');
    const duration = fieldOf(test, 'duration');
    if (duration != null && toMicroseconds(numberOf(test, 'duration'), 1_000) == null)
      warnings.add('UNREADABLE_VALUE', 'Tests with a duration that cannot be read');
    return runsOf(test, environment).flatMap((run) => events.attempt(run));
  }

  return createJsonReader({
    ignoredKeys: IGNORED_KEYS,
    open(path, kind) {
      if (path.length === 2 && path[1] === 'tests' && kind === 'ARRAY') hasTests = true;
      return select(path);
    },
    value(path, value) {
      if (path[1] === 'tests') return readTest(value);
      if (path[1] === 'summary') summary = value;
      else environment = toProperties(value);
      return [];
    },
    end: () => [...warnings.events(), ...counts.compare(summary)],
    missing: () =>
      hasTests ? undefined : 'The JSON has no results.tests, which a CTRF report has.',
  });
}

/** What all attempts of a test share. */
type Whole = Required<
  Pick<TestRun, 'suites' | 'name' | 'file' | 'line' | 'variant' | 'properties' | 'suiteProperties'>
>;

/** The attempts of a test in order; the last is its outcome. */
function runsOf(test: unknown, suiteProperties: Properties): readonly TestRun[] {
  const whole: Whole = {
    suites: suitesOf(test),
    name: textOf(test, 'name'),
    file: textOf(test, 'filePath'),
    line: lineOf(test),
    variant: [textOf(test, 'browser'), textOf(test, 'device')].join('\0'),
    properties: propertiesOf(test),
    suiteProperties,
  };
  const own = itemsOf(test, 'retryAttempts').filter((attempt) =>
    STATUSES.has(textOf(attempt, 'status')),
  );
  const earlier = repeatsOutcome(test, own) ? own.slice(0, -1) : own;
  const retries = numberOf(test, 'retries') ?? 0;
  const untold =
    own.length === 0 && retries > 0 && retries <= MOST_RETRIES ? Math.floor(retries) : 0;
  return [
    ...Array.from({ length: untold }, () => toRun(whole, { status: 'failed', rawStatus: 'retry' })),
    ...earlier.map((attempt) => toRun(whole, attempt)),
    toRun(whole, test),
  ];
}

/** A test that was retried n times ran n + 1 times; without `retries`, a passed attempt can only be the outcome. */
function repeatsOutcome(test: unknown, attempts: readonly unknown[]): boolean {
  const retries = numberOf(test, 'retries');
  if (retries !== undefined) return attempts.length > retries && attempts.length > 0;
  const last = textOf(attempts.at(-1), 'status');
  return last === 'passed' && textOf(test, 'status') === 'passed';
}

/** Field by field: spreading objects took a quarter of the time. */
function toRun(whole: Whole, run: unknown): TestRun {
  const word = textOf(run, 'status');
  return {
    suites: whole.suites,
    name: whole.name,
    file: whole.file,
    line: whole.line,
    variant: whole.variant,
    properties: whole.properties,
    suiteProperties: whole.suiteProperties,
    status: STATUSES.get(word) ?? 'OTHER',
    statusRaw: textOf(run, 'rawStatus') || word,
    durationUs: toMicroseconds(numberOf(run, 'duration'), MICROSECONDS_PER_MILLISECOND),
    failures: [{ message: textOf(run, 'message'), stack: textOf(run, 'trace') }],
    output: { out: textsOf(run, 'stdout').join('\n'), err: textsOf(run, 'stderr').join('\n') },
    startedAt: toInstant(numberOf(run, 'start')),
  };
}

function suitesOf(test: unknown): readonly string[] {
  const suite = textOf(test, 'suite');
  return suite === '' ? textsOf(test, 'suite') : [suite];
}

function propertiesOf(test: unknown): Properties {
  const { browser, device, type, tags, testId } = isObject(test) ? test : {};
  return toProperties({ browser, device, type, tags, testId, ...labelsOf(test) });
}

function labelsOf(test: unknown): object {
  const labels = fieldOf(test, 'labels');
  return isObject(labels) ? labels : {};
}
