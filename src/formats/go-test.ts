import { createGoOutput, describeGoFailure, type GoOutput } from './go-output.ts';
import { fieldOf, type JsonObject, numberOf, textOf, toMicroseconds } from './json-values.ts';
import { parseTimestamp } from './junit-values.ts';
import { createLinesReader } from './ndjson.ts';
import type { AttemptStatus, ReportEvent, ReportReader } from './report-events.ts';
import { ReportRefusal } from './report-refusal.ts';
import { createTestEvents, type TestRun } from './test-events.ts';

const MICROSECONDS_PER_SECOND = 1_000_000;
/** Packages, and tests that began and did not end, at one time; a hundred times what is seen. */
const MOST_OPEN = 100_000;
const MOST_ATTRIBUTES = 100;

const STATUSES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['pass', 'PASSED'],
  ['bench', 'PASSED'],
  ['fail', 'FAILED'],
  ['skip', 'SKIPPED'],
]);

interface OpenTest {
  readonly startedAt: Date | null;
  readonly output: GoOutput;
  readonly properties: Map<string, string>;
  lastAction: string;
}

interface OpenPackage {
  readonly tests: Map<string, OpenTest>;
  readonly output: GoOutput;
  hasFailed: boolean;
}

/**
 * Makes the reader for the output of `go test -json`. The package is the suite, subtests keep their whole name (`TestA/case`) and their
 * parents are tests too; a test that ran again (`-count=2`) has a further attempt. What a failed test printed is its
 * stack trace, the line that says why its message.
 *
 * A test that never ended is `ERRORED`, unless its package passed. So is the attempt `[build failed]` or
 * `[package failed]` of a package that failed without a failed test. Contract: `go doc test2json`.
 */
export function createGoTestReader(): ReportReader {
  const events = createTestEvents();
  const packages = new Map<string, OpenPackage>();
  const builds = new Map<string, GoOutput>();
  const budget = { left: 67_108_864 };
  let open = 0;
  let isGoTest = false;

  function remember(): void {
    open += 1;
    if (open > MOST_OPEN)
      throw new ReportRefusal(
        'LIMIT',
        `More than ${MOST_OPEN} packages and tests are open at one time.`,
      );
  }

  function packageOf(name: string): OpenPackage {
    const known = packages.get(name);
    if (known != null) return known;
    remember();
    const begun = {
      tests: new Map<string, OpenTest>(),
      output: createGoOutput(budget),
      hasFailed: false,
    };
    packages.set(name, begun);
    return begun;
  }

  function testOf({ tests }: OpenPackage, name: string, item: JsonObject): OpenTest {
    const known = tests.get(name);
    if (known != null) return known;
    remember();
    const begun: OpenTest = {
      startedAt: parseTimestamp(textOf(item, 'Time')),
      output: createGoOutput(budget),
      properties: new Map(),
      lastAction: '',
    };
    tests.set(name, begun);
    return begun;
  }

  function closeTest(
    suite: string,
    name: string,
    verdict: Pick<TestRun, 'status' | 'statusRaw' | 'durationUs'>,
  ) {
    const test = packages.get(suite)?.tests.get(name);
    if (test == null) return [];
    packages.get(suite)?.tests.delete(name);
    open -= 1;
    const text = test.output.take();
    return events.attempt({
      suites: [suite],
      name,
      ...verdict,
      failures: [describeGoFailure(text, verdict.status)],
      isTruncated: test.output.isTruncated(),
      startedAt: test.startedAt,
      properties: Object.fromEntries(test.properties),
    });
  }

  function takeTest(item: JsonObject, suite: string, name: string): readonly ReportEvent[] {
    const begun = packageOf(suite);
    const test = testOf(begun, name, item);
    const action = textOf(item, 'Action');
    const status = STATUSES.get(action);
    if (status != null) {
      if (status === 'FAILED') begun.hasFailed = true;
      const durationUs = toMicroseconds(numberOf(item, 'Elapsed'), MICROSECONDS_PER_SECOND);
      return closeTest(suite, name, { status, statusRaw: action, durationUs });
    }
    if (action === 'output') test.output.add(textOf(item, 'Output'));
    else if (action === 'attr' && test.properties.size < MOST_ATTRIBUTES)
      test.properties.set(textOf(item, 'Key'), textOf(item, 'Value'));
    else test.lastAction = action;
    return [];
  }

  /**
   * The tests of a package that began and will not end any more: benchmarks end so in a package that passed. One that
   * only printed had ended before, and a goroutine of it had not.
   */
  function abandon(
    suite: string,
    { tests }: OpenPackage,
    status: AttemptStatus,
  ): readonly ReportEvent[] {
    const begun = [...tests].filter(([, { lastAction }]) => lastAction !== '');
    const last = begun.flatMap(([name, { lastAction }]) =>
      closeTest(suite, name, { status, statusRaw: lastAction }),
    );
    for (const { output } of tests.values()) output.take();
    open -= tests.size;
    tests.clear();
    return last;
  }

  function closePackage(item: JsonObject, suite: string): readonly ReportEvent[] {
    const begun = packageOf(suite);
    const hasPassed = textOf(item, 'Action') !== 'fail';
    const last = [...abandon(suite, begun, hasPassed ? 'PASSED' : 'ERRORED')];
    const text = begun.output.take();
    const build = builds.get(textOf(item, 'FailedBuild'))?.take() ?? '';
    if (!hasPassed && !begun.hasFailed && last.length === 0) {
      const isBuild = fieldOf(item, 'FailedBuild') != null || /\[(build|setup) failed\]/.test(text);
      last.push(
        ...events.attempt({
          suites: [suite],
          name: isBuild ? '[build failed]' : '[package failed]',
          status: 'ERRORED',
          statusRaw: 'fail',
          failures: [describeGoFailure(build + text, 'ERRORED')],
          isTruncated: begun.output.isTruncated(),
        }),
      );
    }
    packages.delete(suite);
    open -= 1;
    return last;
  }

  function takePackage(item: JsonObject, suite: string): readonly ReportEvent[] {
    const action = textOf(item, 'Action');
    if (STATUSES.has(action)) return [...events.suite([suite]), ...closePackage(item, suite)];
    if (action === 'output') packageOf(suite).output.add(textOf(item, 'Output'));
    return events.suite([suite]);
  }

  function takeBuild(item: JsonObject): void {
    const name = textOf(item, 'ImportPath');
    if (textOf(item, 'Action') !== 'build-output') return;
    const output = builds.get(name) ?? createGoOutput(budget);
    if (!builds.has(name)) remember();
    builds.set(name, output);
    output.add(textOf(item, 'Output'));
  }

  return createLinesReader({
    line(item, warnings) {
      const suite = textOf(item, 'Package');
      const name = textOf(item, 'Test');
      if (textOf(item, 'Action') === '') {
        warnings.add('SKIPPED_ITEM', 'Lines without an Action were skipped');
        return [];
      }
      isGoTest = true;
      if (suite === '' && name === '') takeBuild(item);
      return name === ''
        ? suite === ''
          ? []
          : takePackage(item, suite)
        : takeTest(item, suite, name);
    },
    end: () => [...packages].flatMap(([suite, begun]) => abandon(suite, begun, 'ERRORED')),
    missing: () =>
      isGoTest ? undefined : 'No line has an Action, which the lines of go test -json have.',
  });
}
