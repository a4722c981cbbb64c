import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newOrganization, times } from './sent-runs.ts';

let gateway: TestGateway;
let organization: Awaited<ReturnType<typeof newOrganization>>;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await newOrganization(gateway);
  const counts = (name: string, passed: number, failed: number) => [
    ...times(passed, { name, status: 'PASSED' }),
    ...times(failed, { name, status: 'FAILED' }),
    { name, status: 'SKIPPED' as const },
  ];
  const base = [
    ...counts('worse', 10, 0),
    ...counts('better', 5, 5),
    ...counts('few', 10, 0),
    ...counts('same', 10, 0),
    ...counts('gone', 10, 0),
  ];
  const sample = [
    ...counts('worse', 5, 5),
    ...counts('better', 10, 0),
    ...counts('few', 8, 2),
    ...counts('same', 10, 0),
    ...counts('new', 1, 3),
  ];
  await organization.send([
    { at: '2026-03-02T10:00:00Z', branch: 'main', commitSha: 'aaa', results: base },
    { at: '2026-03-09T10:00:00Z', branch: 'feature', commitSha: 'bbb', results: sample },
    // Another branch on the day of the sample: all its results are passes.
    { at: '2026-03-10T10:00:00Z', branch: 'other', commitSha: 'ccc', results: base },
  ]);
});

interface Answer {
  readonly compareTests: {
    readonly totalCount: number;
    readonly isComplete: boolean;
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly endCursor: string | null;
    };
    readonly nodes: readonly {
      readonly testCase: { readonly name: string };
      readonly status: string;
      readonly base: { readonly passed: number; readonly failed: number };
      readonly sample: { readonly passed: number; readonly failed: number };
      readonly pValue: number | null;
    }[];
  };
}

const operation = `query ($repository: ID = "acme/widgets", $base: TestComparisonSide!, $sample: TestComparisonSide!,
    $status: [TestComparisonStatus!], $first: Int, $after: String) {
  compareTests(repository: $repository, base: $base, sample: $sample, status: $status, first: $first, after: $after) {
    totalCount isComplete pageInfo { hasNextPage hasPreviousPage endCursor } nodes {
      testCase { name } status base { passed failed passRate } sample { passed failed passRate }
      passRateChange oddsRatio pValue adjustedPValue } } }`;

const march = { from: '2026-03-01T00:00:00Z', to: '2026-03-20T00:00:00Z' };
const before = { window: { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' } };
const after = { window: { from: '2026-03-09T00:00:00Z', to: '2026-03-10T00:00:00Z' } };
const byTime = { base: before, sample: after };

async function compare(variables: object): Promise<Answer['compareTests']> {
  return (await organization.ask<Answer>(operation, variables)).compareTests;
}

/** Other than those few under a guard. */
const readsResults = (text: string) =>
  text.split('FROM test_results').length > text.split('t.guard IS NOT NULL').length;

const verdicts = {
  worse: 'REGRESSED',
  better: 'IMPROVED',
  few: 'NOT_ENOUGH',
  same: 'UNCHANGED',
  gone: 'NOT_ENOUGH',
  new: 'NEW_FAILING',
};

describe('a comparison of tests', () => {
  test.each([
    ['two times', byTime],
    [
      'two branches',
      { base: { branch: 'main', window: march }, sample: { branch: 'feature', window: march } },
    ],
    ['two commits', { base: { commitSha: 'aaa' }, sample: { commitSha: 'bbb' } }],
    ['a time and a commit', { base: before, sample: { commitSha: 'bbb', branch: 'feature' } }],
  ])('between %s tells what became of each', async (_sides, sides) => {
    const { nodes, isComplete, totalCount } = await compare(sides);

    const found = Object.fromEntries(nodes.map(({ testCase, status }) => [testCase.name, status]));
    expect(found).toEqual(verdicts);
    expect({ isComplete, totalCount }).toEqual({ isComplete: true, totalCount: 6 });
  });

  test('gives counts, sizes and p-values, those that differ most surely first', async () => {
    const { nodes } = await compare(byTime);

    const [, second] = nodes;
    const worse = nodes.find(({ testCase }) => testCase.name === 'worse');
    expect(
      nodes
        .slice(0, 2)
        .map(({ testCase }) => testCase.name)
        .sort(),
    ).toEqual(['better', 'worse']);
    expect(second?.pValue).toBeCloseTo(252 / 15_504, 9);
    expect(worse).toMatchObject({
      base: { passed: 10, failed: 0, passRate: 1 },
      sample: { passed: 5, failed: 5, passRate: 0.5 },
      passRateChange: -0.5,
      oddsRatio: 21,
    });
    expect(nodes.slice(2).map(({ pValue }) => pValue)).toEqual([null, null, null, null]);
  });

  test('is read page by page', async () => {
    const all = await compare(byTime);
    const seen: string[] = [];
    let page = await compare({ ...byTime, first: 2 });
    const isFirst = !page.pageInfo.hasPreviousPage;
    seen.push(...page.nodes.map(({ testCase }) => testCase.name));
    while (page.pageInfo.hasNextPage) {
      page = await compare({ ...byTime, first: 2, after: page.pageInfo.endCursor });
      seen.push(...page.nodes.map(({ testCase }) => testCase.name));
    }

    expect(seen).toEqual(all.nodes.map(({ testCase }) => testCase.name));
    expect([isFirst, page.pageInfo.hasPreviousPage]).toEqual([true, true]);
  });

  test('is narrowed to verdicts', async () => {
    const { nodes, totalCount } = await compare({
      ...byTime,
      status: ['REGRESSED', 'NEW_FAILING'],
    });

    expect(nodes.map(({ testCase }) => testCase.name)).toEqual(['worse', 'new']);
    expect(totalCount).toBe(2);
  });

  test('of branches without results, or of another organization, is empty', async () => {
    const stranger = await newOrganization(gateway);

    const nowhere = { base: { branch: 'x' }, sample: { branch: 'y' } };
    const foreign = await stranger.ask<Answer>(operation, byTime);

    expect((await compare(nowhere)).nodes).toEqual([]);
    expect(foreign.compareTests.totalCount).toBe(0);
  });

  test('takes two statements; one of times reads no results but those under a guard', async () => {
    const first = gateway.statements().length;
    await compare(byTime);
    const ofTimes = gateway.statements().slice(first);
    await compare({ base: { commitSha: 'aaa' }, sample: { branch: 'feature', window: march } });
    const ofResults = gateway.statements().slice(first + ofTimes.length);

    expect(ofTimes.filter(readsResults)).toEqual([]);
    expect([ofTimes.length <= 2, ofResults.length <= 2]).toEqual([true, true]);
  });

  test.each([
    [{ ...byTime, base: {} }, 'base: must say a branch, a commit or a time'],
    [{ ...byTime, first: 200 }, 'first: must be from 0 to 100'],
    [{ ...byTime, after: 'nonsense' }, 'after: is not a cursor'],
    [{ ...byTime, repository: 'x' }, 'repository: is not the id of a Repository'],
    [
      {
        ...byTime,
        sample: { window: { from: '2026-03-09T00:00:00Z', to: '2026-03-01T00:00:00Z' } },
      },
      'sample.window.from: must be before `to`',
    ],
  ])('of %j is refused', async (variables, message) => {
    expect(await organization.refusal(operation, variables)).toContain(message);
  });
});

test.each([
  ['days', before, after],
  ['branches', { branch: 'main', window: march }, { branch: 'dev', window: march }],
])('failures of cancelled builds are no regression, by %s', async (_by, base, sample) => {
  const { send, ask } = await newOrganization(gateway);
  const results = (status: 'PASSED' | 'FAILED') => times(12, { name: 'cancelled', status });
  await send([
    { at: '2026-03-02T10:00:00Z', branch: 'main', results: results('PASSED') },
    { at: '2026-03-09T10:00:00Z', branch: 'dev', cancelled: true, results: results('FAILED') },
    { at: '2026-03-09T11:00:00Z', branch: 'dev', results: results('PASSED') },
  ]);

  const { compareTests } = await ask<Answer>(operation, { base, sample });

  expect(compareTests.nodes).toMatchObject([
    { status: 'UNCHANGED', base: { passed: 12, failed: 0 }, sample: { passed: 12, failed: 0 } },
  ]);
});
