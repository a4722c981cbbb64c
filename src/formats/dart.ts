import { LONGEST_OUTPUT } from './failure-text.ts';
import {
  fieldOf,
  itemsOf,
  type JsonObject,
  lineOf,
  numberOf,
  textOf,
  toMicroseconds,
} from './json-values.ts';
import { createLinesReader } from './ndjson.ts';
import type { AttemptStatus, ReportEvent, ReportReader } from './report-events.ts';
import { ReportRefusal } from './report-refusal.ts';
import { createTestEvents, type FailureWords, type TestRun } from './test-events.ts';

const MICROSECONDS_PER_MILLISECOND = 1_000;
/** Suites and groups of one run, and tests that run at one time. */
const MOST_REMEMBERED = 300_000;
const MOST_FAILURES = 100;

const STATUSES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['success', 'PASSED'],
  ['failure', 'FAILED'],
  ['error', 'ERRORED'],
]);

interface OpenTest {
  readonly test: unknown;
  readonly startedMs: number | undefined;
  readonly failures: FailureWords[];
  output: string;
}

/**
 * Makes the reader for the output of `dart test --reporter json` and `flutter test --machine`. The groups around a test are its
 * suites, its file is that of the Dart suite, the platform a property; a name is given without those of its groups, which Dart puts before
 * it. Hidden tests (loading, `setUpAll`) are left out. A test that began and never ended is `ERRORED`.
 * Contract: pub.dev test, doc/json_reporter.md.
 */
export function createDartReader(): ReportReader {
  const events = createTestEvents();
  const suites = new Map<number, unknown>();
  const groups = new Map<number, string>();
  const open = new Map<number, OpenTest>();
  let isDart = false;

  function remember<Value>(map: Map<number, Value>, id: number | undefined, value: Value): void {
    if (id === undefined) return;
    map.set(id, value);
    if (suites.size + groups.size + open.size > MOST_REMEMBERED)
      throw new ReportRefusal(
        'LIMIT',
        `More than ${MOST_REMEMBERED} suites, groups and running tests.`,
      );
  }

  function begin(item: JsonObject): void {
    const test = fieldOf(item, 'test');
    const begun = { test, startedMs: numberOf(item, 'time'), failures: [], output: '' };
    remember(open, numberOf(test, 'id'), begun);
  }

  function runOf(begun: OpenTest): Omit<TestRun, 'status' | 'statusRaw'> {
    const { test, failures, output } = begun;
    const suite = suites.get(numberOf(test, 'suiteID') ?? -1);
    const platform = textOf(suite, 'platform');
    const names = itemsOf(test, 'groupIDs').flatMap((id) => groups.get(Number(id)) ?? []);
    const outer = names.at(-1) ?? '';
    return {
      suites: names.map((name, index) => withoutPrefix(name, names[index - 1] ?? '')),
      name: withoutPrefix(textOf(test, 'name'), outer),
      file: textOf(suite, 'path'),
      line: lineOf(test, 'root_line') ?? lineOf(test),
      failures: failures.length > 0 ? failures : [{ message: skipReason(test) }],
      output: { out: output, err: '' },
      variant: platform,
      ...(platform !== '' && { properties: { platform } }),
    };
  }

  function finish(item: JsonObject): readonly ReportEvent[] {
    const id = numberOf(item, 'testID') ?? -1;
    const begun = open.get(id);
    open.delete(id);
    if (begun == null || fieldOf(item, 'hidden') === true) return [];
    const word = textOf(item, 'result');
    const isSkipped = fieldOf(item, 'skipped') === true;
    const duration = (numberOf(item, 'time') ?? Number.NaN) - (begun.startedMs ?? Number.NaN);
    return events.attempt({
      ...runOf(begun),
      status: isSkipped ? 'SKIPPED' : (STATUSES.get(word) ?? 'OTHER'),
      statusRaw: isSkipped ? 'skipped' : word || 'unknown',
      durationUs: toMicroseconds(
        Number.isNaN(duration) ? undefined : duration,
        MICROSECONDS_PER_MILLISECOND,
      ),
    });
  }

  function addOutput(item: JsonObject): void {
    const test = open.get(numberOf(item, 'testID') ?? -1);
    if (test == null || test.output.length > LONGEST_OUTPUT) return;
    test.output += `${textOf(item, 'message').slice(0, LONGEST_OUTPUT + 1)}\n`;
  }

  function addFailure(item: JsonObject): void {
    const failures = open.get(numberOf(item, 'testID') ?? -1)?.failures;
    if (failures == null || failures.length >= MOST_FAILURES) return;
    failures.push({ message: textOf(item, 'error'), stack: textOf(item, 'stackTrace') });
  }

  function take(item: JsonObject): readonly ReportEvent[] {
    const type = textOf(item, 'type');
    isDart ||= type !== '' && numberOf(item, 'time') !== undefined;
    if (type === 'testDone') return finish(item);
    if (type === 'testStart') begin(item);
    if (type === 'print') addOutput(item);
    if (type === 'error') addFailure(item);
    const suite = fieldOf(item, 'suite');
    if (type === 'suite') remember(suites, numberOf(suite, 'id'), suite);
    const group = fieldOf(item, 'group');
    if (type === 'group') remember(groups, numberOf(group, 'id'), textOf(group, 'name'));
    return [];
  }

  return createLinesReader({
    line: take,
    // Flutter writes its own events between those of the tests.
    isNoise: (start) => start.startsWith('[{"'),
    end: () =>
      [...open.values()]
        .filter(isTest)
        .flatMap((begun) =>
          events.attempt({ ...runOf(begun), status: 'ERRORED', statusRaw: 'testStart' }),
        ),
    missing: () =>
      isDart ? undefined : 'No line has a type and a time, which the events of Dart tests have.',
  });
}

/** Dart says whether a test is hidden when it is done; those that load a file have no line. */
function isTest({ test }: OpenTest): boolean {
  return lineOf(test) !== null || !textOf(test, 'name').startsWith('loading ');
}

function withoutPrefix(name: string, prefix: string): string {
  return prefix !== '' && name.startsWith(`${prefix} `) ? name.slice(prefix.length + 1) : name;
}

function skipReason(test: unknown): string {
  return textOf(fieldOf(test, 'metadata'), 'skipReason');
}
