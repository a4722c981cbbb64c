import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newOrganization } from './sent-runs.ts';

let gateway: TestGateway;
let organization: Awaited<ReturnType<typeof newOrganization>>;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await newOrganization(gateway);
  const each = (...durations: readonly (readonly [string, number])[]) =>
    durations.map(([name, durationMs]) => ({ name, status: 'PASSED' as const, durationMs }));
  await organization.send([
    // The day before the window: counts for nothing.
    { at: '2026-03-01T23:59:59Z', results: each(['quick', 900_000]) },
    { at: '2026-03-02T00:00:00Z', results: each(['steady', 100], ['spiky', 10], ['quick', 1]) },
    { at: '2026-03-02T10:00:00Z', results: each(['steady', 100], ['spiky', 10], ['quick', 1]) },
    { at: '2026-03-03T10:00:00Z', results: each(['steady', 100], ['spiky', 250], ['quick', 1]) },
    {
      at: '2026-03-03T11:00:00Z',
      results: [
        ...each(['steady', 100]),
        { name: 'quick', status: 'FAILED', durationMs: 3 },
        { name: 'skipped', status: 'SKIPPED', durationMs: 5_000 },
        { name: 'timeless', status: 'PASSED' },
      ],
    },
  ]);
});

interface Answer {
  readonly slowestTests: {
    readonly totalCount: number;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: readonly {
      readonly testCase: { readonly name: string };
      readonly runCount: number;
      readonly totalMs: number;
      readonly meanMs: number;
      readonly p50Ms: number | null;
      readonly p95Ms: number | null;
    }[];
  };
}

const operation = `query ($repository: ID = "acme/widgets", $window: TimeRange, $orderBy: SlowestTestsOrder!,
    $first: Int, $after: String) {
  slowestTests(repository: $repository, window: $window, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { testCase { name } runCount totalMs meanMs p50Ms p95Ms } } }`;

const window = { from: '2026-03-02T15:00:00Z', to: '2026-03-03T00:00:01Z' };

async function slowest(variables: object): Promise<Answer['slowestTests']> {
  const asked = { window, orderBy: 'TOTAL', ...variables };
  return (await organization.ask<Answer>(operation, asked)).slowestTests;
}

describe('the slowest tests', () => {
  test('are counted on whole days, with sums that are exact', async () => {
    const { nodes, totalCount } = await slowest({});

    const sums = nodes.map(({ testCase, runCount, totalMs, meanMs }) => ({
      name: testCase.name,
      runCount,
      totalMs,
      meanMs,
    }));
    expect(sums).toEqual([
      { name: 'steady', runCount: 4, totalMs: 400, meanMs: 100 },
      { name: 'spiky', runCount: 3, totalMs: 270, meanMs: 90 },
      { name: 'quick', runCount: 4, totalMs: 6, meanMs: 1.5 },
    ]);
    expect(totalCount).toBe(3);
  });

  test('have percentiles of the runs that passed, within 2 %', async () => {
    const { nodes } = await slowest({});

    const exact = { steady: [100, 100], spiky: [10, 250], quick: [1, 1] };
    const expected = Object.values(exact).flat();
    const found = nodes.flatMap(({ p50Ms, p95Ms }) => [p50Ms ?? 0, p95Ms ?? 0]);
    const errors = found.map((value, index) => Math.abs(value / (expected[index] ?? 0) - 1));
    expect(Math.max(...errors)).toBeLessThanOrEqual(0.0201);
    expect(found).toHaveLength(6);
  });

  test.each([
    ['TOTAL', ['steady', 'spiky', 'quick']],
    ['MEAN', ['steady', 'spiky', 'quick']],
    ['P95', ['spiky', 'steady', 'quick']],
  ])('are in the order of %s, whatever the size of a page', async (orderBy, names) => {
    for (const first of [1, 2, 3]) {
      const seen: string[] = [];
      let page = await slowest({ orderBy, first });
      seen.push(...page.nodes.map(({ testCase }) => testCase.name));
      while (page.pageInfo.hasNextPage) {
        page = await slowest({ orderBy, first, after: page.pageInfo.endCursor });
        seen.push(...page.nodes.map(({ testCase }) => testCase.name));
      }

      expect(seen).toEqual(names);
    }
  });

  test('are those of one repository, however it is named, and of one organization', async () => {
    const { repository } = await organization.ask<{
      repository: { id: string; databaseId: string };
    }>('{ repository(owner: "acme", name: "widgets") { id databaseId } }');
    const stranger = await newOrganization(gateway);

    const named = ['ACME/Widgets', repository.id, repository.databaseId];
    const found = await Promise.all(named.map((name) => slowest({ repository: name })));
    const elsewhere = await slowest({ repository: 'acme/other' });
    const asked = { window, orderBy: 'P95', repository: repository.databaseId };
    const foreign = await stranger.ask<Answer>(operation, asked);

    expect(found.map(({ nodes }) => nodes.length)).toEqual([3, 3, 3]);
    expect([elsewhere.nodes, foreign.slowestTests.nodes]).toEqual([[], []]);
  });

  test('are answered with two statements, none of which reads results', async () => {
    const before = gateway.statements().length;

    await slowest({ orderBy: 'P95' });

    const sent = gateway.statements().slice(before);
    expect(sent.length).toBeLessThanOrEqual(2);
    expect(sent.filter((text) => text.includes('test_results'))).toEqual([]);
  });

  test.each([
    [{ first: 101 }, 'first: must be from 0 to 100'],
    [{ first: -1 }, 'first: must be from 0 to 100'],
    [{ after: 'nonsense' }, 'after: is not a cursor'],
    [{ repository: 'nonsense' }, 'repository: is not the id of a Repository'],
    [
      { window: { from: '2026-03-03T00:00:00Z', to: '2026-03-02T00:00:00Z' } },
      'window.from: must be before `to`',
    ],
    [
      { window: { from: '2024-01-01T00:00:00Z', to: '2026-03-02T00:00:00Z' } },
      'window: touches 791 days',
    ],
    [{ window: { from: '1969-01-01T00:00:00Z' } }, 'must not be before 1970'],
  ])('are not given for %j', async (variables, message) => {
    const asked = { orderBy: 'TOTAL', window, ...variables };

    expect(await organization.refusal(operation, asked)).toContain(message);
  });

  test('are not given a cursor of another order', async () => {
    const { pageInfo } = await slowest({ first: 1 });

    const asked = { orderBy: 'MEAN', window, after: pageInfo.endCursor };
    expect(await organization.refusal(operation, asked)).toContain('another list or order');
  });
});
