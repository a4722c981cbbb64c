import { beforeAll, expect, test } from 'vitest';
import { aBuild, ingestClient } from '../ingest/ingest-client.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { madeUpHistory, type Run, sendHistory } from './flaky-history.ts';
import { type Scores, scoresOf, type Window } from './flaky-oracle.ts';
import { workOf } from './plan.ts';

let gateway: TestGateway;
let history: readonly Run[];

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The history begins nine days ago, somewhere in a day, and lasts a week. */
const firstMidnight = Math.floor(Date.now() / dayMs) * dayMs - 9 * dayMs;
const end = new Date(firstMidnight + 7 * dayMs + 9.5 * hourMs);

/** From a day and hour of the history up to another. */
function span([fromDay, fromHour]: [number, number], [toDay, toHour]: [number, number]): Window {
  const at = (day: number, hour: number) => new Date(firstMidnight + day * dayMs + hour * hourMs);
  return { from: at(fromDay, fromHour), to: at(toDay, toHour) };
}

const everything = span([0, 0], [8, 0]);

const windows = [
  ['all days', everything],
  ['whole days', span([2, 0], [4, 0])],
  ['days the first of which is cut', span([2, 7.5], [5, 0])],
  ['days the last of which is cut', span([2, 0], [5, 18.2])],
  ['days both ends of which are cut', span([1, 5], [6, 13])],
  ['a part of one day', span([3, 2], [3, 17])],
  ['parts of two days', span([3, 12], [4, 11])],
  ['time without results', span([-9, 0], [-8, 0])],
] as const;

const fields = `disruptiveness flipRate failureRate disruptionCount resultCount transitionCount resultTimeMs buildTimeMs
  buildsBroken flakeProbability { mean }`;

const scored = `query($window: ScoreWindow, $orderBy: FlakyTestOrder, $first: Int, $after: String) {
  flakyTests(window: $window, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { testCase { name } scores(window: $window) { ${fields} } } } }`;

interface Scored {
  readonly flakyTests: {
    readonly totalCount: number;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: readonly { readonly testCase: { name: string }; readonly scores: Scores }[];
  };
}

const orders = {
  DISRUPTIVENESS: ({ disruptiveness }) => disruptiveness ?? -1,
  FLIP_RATE: ({ flipRate }) => flipRate ?? -1,
  FAILURE_RATE: ({ failureRate }) => failureRate ?? -1,
  FLAKE_PROBABILITY: ({ flakeProbability }) => flakeProbability.mean,
  DISRUPTION_COUNT: ({ disruptionCount }) => disruptionCount,
  RESULT_TIME: ({ resultTimeMs }) => resultTimeMs,
  TIME_LOST: ({ buildTimeMs }) => buildTimeMs,
  BUILDS_BROKEN: ({ buildsBroken }) => buildsBroken,
} as const satisfies Readonly<Record<string, (scores: Scores) => number>>;

beforeAll(async () => {
  gateway = await startGateway();
  history = madeUpHistory(end);
  await sendHistory(gateway, history, gateway.key);
}, 60_000);

test.each(windows)('scores of %s are those worked out of all results', async (_name, window) => {
  const { flakyTests } = await ask<Scored>(scored, { window, first: 50 });

  const found = flakyTests.nodes.map(({ testCase, scores }) => [testCase.name, scores] as const);
  expect(found.length).toBeGreaterThan(4);
  for (const [name, scores] of found) {
    expect(rounded(scores), name).toEqual(rounded(scoresOf(history, name, window)));
  }
});

test.each(Object.entries(orders))(
  'flaky tests are paged by %s in any window',
  async (field, keyOf) => {
    for (const [, window] of windows) {
      for (const direction of ['ASC', 'DESC']) {
        const nodes = await allPages({ window, orderBy: { field, direction } });

        const keys = nodes.map(({ scores }) => keyOf(scores));
        const sorted = keys.toSorted((a, b) => (direction === 'ASC' ? a - b : b - a));
        expect(new Set(nodes.map(({ testCase }) => testCase.name)).size).toBe(keys.length);
        expect(keys.map(nineDigits)).toEqual(sorted.map(nineDigits));
      }
    }
  },
);

test('a page with its scores, history and results is one statement for any number of tests', async () => {
  const operation = `query($first: Int) { flakyTests(first: $first, orderBy: { field: DISRUPTIVENESS, direction: DESC },
    window: { from: "2026-03-01T00:00:00Z", to: "2026-03-09T00:00:00Z" }) { nodes { state
    scores(window: { days: 30 }) { ${fields} } history(days: 3) { day passedCount }
    disruptions(first: 2) { nodes { result { status } } } latestPositiveResult { status } } } }`;
  await gateway.graphql(operation, { first: 1 });
  const before = gateway.statements().length;

  await ask(operation, { first: 50 });

  expect(gateway.statements().length - before).toBe(1);
});

test('a window of whole days reads days and disruptions, and no results', async () => {
  for (const window of [{ days: 30 }, everything]) {
    const orderBy = { field: 'DISRUPTIVENESS', direction: 'DESC' };
    const before = gateway.sentStatements().length;
    await ask(scored, { window, orderBy, first: 5 });

    const statements = gateway.sentStatements().slice(before);
    expect(statements).toHaveLength(1);
    for (const statement of statements) {
      const { text } = await workOf(gateway.db.url, statement, 'force_custom_plan');
      expect(text).toContain('test_days');
      expect(text).not.toContain('test_results');
    }
  }
});

test('the history of a test has every day once, without gaps, up to today', async () => {
  const operation =
    '{ flakyTests(first: 1) { nodes { history(days: 400) { day passedCount failedCount skippedCount disruptionCount } testCase { name } } } }';
  const { flakyTests } = await ask<{
    flakyTests: { nodes: { history: Day[]; testCase: { name: string } }[] };
  }>(operation);
  const [flakyTest] = flakyTests.nodes;
  const days = flakyTest?.history ?? [];

  const times = days.map(({ day }) => Date.parse(day));
  const own = history.filter(({ name }) => name === flakyTest?.testCase.name);
  expect(days).toHaveLength(400);
  expect(
    times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === 86_400_000),
  ).toBe(true);
  expect(Date.now() - (times.at(-1) ?? 0)).toBeLessThan(86_400_000);
  expect(sum(days, 'passedCount')).toBe(own.filter(({ status }) => status === 'PASSED').length);
  expect(sum(days, 'failedCount')).toBe(own.filter(({ status }) => status === 'FAILED').length);
  expect(sum(days, 'skippedCount')).toBe(own.filter(({ status }) => status === 'SKIPPED').length);
  expect(sum(days, 'disruptionCount')).toBeGreaterThan(0);
});

test.each([
  [{ days: 0 }, 'window.days: must be from 1 to 400, not 0'],
  [{ days: 401 }, 'window.days: must be from 1 to 400, not 401'],
  [{ from: '2026-03-01T00:00:00Z' }, 'window: needs both `from` and `to`'],
  [
    { days: 1, to: '2026-03-01T00:00:00Z' },
    'window: takes `days`, or `from` and `to`, but not both',
  ],
  [
    { from: '2026-03-01T00:00:00Z', to: '2026-03-01T00:00:00Z' },
    'window.to: must be later than `from`',
  ],
])('a window that is none is refused: %j', async (window, message) => {
  const list = await gateway.graphql(
    'query($w: ScoreWindow) { flakyTests(window: $w) { totalCount } }',
    { w: window },
  );
  const field = await gateway.graphql(
    'query($w: ScoreWindow) { flakyTests(first: 1) { nodes { scores(window: $w) { resultCount } } } }',
    { w: window },
  );

  expect(list.errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(field.errors).toMatchObject([{ message, path: ['flakyTests', 'nodes', 0, 'scores'] }]);
});

test('what is stored and not taken in yet shows as lag', async () => {
  const { key } = await gateway.createOrganization();
  const lag = '{ analyticsLag { seconds pendingEvents oldestAt } }';
  const none = await gateway.graphql(lag, {}, key);
  const client = ingestClient(gateway, key);
  const { build } = await client.build(aBuild());
  await client.results({
    buildId: build.databaseId,
    results: [{ name: 'a', status: 'PASSED' }],
  });

  const some = await gateway.graphql<{ analyticsLag: { pendingEvents: number } }>(lag, {}, key);

  expect(none.data).toEqual({ analyticsLag: { seconds: 0, pendingEvents: 0, oldestAt: null } });
  expect(some.data?.analyticsLag.pendingEvents).toBeGreaterThan(0);
});

interface Day {
  readonly day: string;
  readonly passedCount: number;
  readonly failedCount: number;
  readonly skippedCount: number;
  readonly disruptionCount: number;
}

function sum(days: readonly Day[], field: Exclude<keyof Day, 'day'>): number {
  return days.reduce((total, day) => total + day[field], 0);
}

async function ask<Data>(operation: string, variables: object = {}): Promise<Data> {
  const { data, errors } = await gateway.graphql<Data>(operation, variables);
  if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

async function allPages(variables: object): Promise<Scored['flakyTests']['nodes']> {
  const found: Scored['flakyTests']['nodes'][number][] = [];
  let after: string | null = null;
  do {
    const { flakyTests }: Scored = await ask<Scored>(scored, { ...variables, first: 2, after });
    found.push(...flakyTests.nodes);
    after = flakyTests.pageInfo.hasNextPage ? flakyTests.pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}

/** Sums of fractions differ in their last digits, as the order in which they are added does. */
function rounded(scores: Scores): unknown {
  return JSON.parse(JSON.stringify(scores), (_key, value: unknown) =>
    typeof value === 'number' ? nineDigits(value) : value,
  );
}

function nineDigits(value: number): number {
  return Number(value.toPrecision(9));
}
