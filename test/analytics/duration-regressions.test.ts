import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newOrganization, type SentRun } from './sent-runs.ts';

let gateway: TestGateway;
let organization: Awaited<ReturnType<typeof newOrganization>>;

/** One run after the other, an hour apart; `factors` say how much longer each test takes than its run time. */
function runs(
  day: string,
  count: number,
  branch: string,
  factors: Readonly<Record<string, number>>,
): SentRun[] {
  return Array.from({ length: count }, (_none, index) => ({
    at: new Date(Date.parse(day) + index * 3_600_000).toISOString(),
    branch,
    results: Object.entries(factors).map(([name, factor]) => ({
      name,
      status: 'PASSED' as const,
      durationMs: (1_000 + index * 10) * factor,
    })),
  }));
}

beforeAll(async () => {
  gateway = await startGateway();
  organization = await newOrganization(gateway);
  const steady = { slower: 1, much: 1, slightly: 1, tiny: 0.01, steady: 1, wild: 1 };
  await organization.send([
    ...runs('2026-03-02T00:00:00Z', 24, 'main', { ...steady, branchy: 1 }),
    ...runs('2026-03-02T00:00:00Z', 10, 'main', { rare: 1 }),
    ...runs('2026-03-09T00:00:00Z', 10, 'main', { rare: 2 }),
    ...runs('2026-03-09T00:00:00Z', 24, 'main', {
      slower: 1.5,
      much: 3,
      slightly: 1.06,
      tiny: 0.05,
      steady: 1,
    }),
    ...runs('2026-03-09T00:00:00Z', 20, 'main', { wild: 1 }),
    ...runs('2026-03-09T20:00:00Z', 4, 'main', { wild: 50 }),
    ...runs('2026-03-09T00:00:00Z', 24, 'main', { branchy: 1 }),
    ...runs('2026-03-02T00:00:00Z', 21, 'feature', { onlyThere: 1 }),
    ...runs('2026-03-09T00:00:00Z', 21, 'feature', { onlyThere: 2 }),
  ]);
}, 60_000);

interface Answer {
  readonly testDurationRegressions: {
    readonly totalCount: number;
    readonly comparedCount: number;
    readonly candidateCount: number;
    readonly isComplete: boolean;
    readonly regressions: readonly {
      readonly testCase: { readonly name: string };
      readonly changePercent: number;
      readonly changePercentLower: number;
      readonly changePercentUpper: number;
      readonly adjustedPValue: number;
      readonly pValue: number;
    }[];
  };
}

const operation = `query ($repository: ID = "acme/widgets", $base: TimeRange!, $sample: TimeRange!, $branch: String, $first: Int) {
  testDurationRegressions(repository: $repository, base: $base, sample: $sample, branch: $branch, first: $first) {
    totalCount comparedCount candidateCount isComplete regressions {
      testCase { name } baseRunCount sampleRunCount baseMedianMs sampleMedianMs
      changePercent changePercentLower changePercentUpper pValue adjustedPValue } } }`;

const sides = {
  base: { from: '2026-03-02T00:00:00Z', to: '2026-03-04T00:00:00Z' },
  sample: { from: '2026-03-09T00:00:00Z', to: '2026-03-11T00:00:00Z' },
};

async function regressions(variables: object = {}): Promise<Answer['testDurationRegressions']> {
  const asked = { ...sides, branch: 'main', ...variables };
  return (await organization.ask<Answer>(operation, asked)).testDurationRegressions;
}

describe('tests that take longer', () => {
  test('are found, the surest first, and no others', async () => {
    const found = await regressions();

    expect(found.regressions.map(({ testCase }) => testCase.name)).toEqual(['much', 'slower']);
    expect(found).toMatchObject({
      totalCount: 2,
      comparedCount: 8, // all but `rare`
      candidateCount: 5, // `onlyThere` too, `slightly` and `wild`
      isComplete: true,
    });
  });

  test('have a shift with its interval and p-values', async () => {
    const [much, slower] = (await regressions()).regressions;

    // Every run time is 1.5 times one of the base: the median of all quotients is that.
    expect(slower?.changePercent).toBeCloseTo(50, 6);
    expect(much?.changePercent).toBeCloseTo(200, 6);
    expect(slower?.changePercentLower).toBeGreaterThan(40);
    expect(slower?.changePercentUpper).toBeLessThan(60);
    expect(slower).toMatchObject({
      baseRunCount: 24,
      sampleRunCount: 24,
      baseMedianMs: 1_115,
      sampleMedianMs: 1_672.5,
    });
    // Two of the four candidates are the least likely of eight tests: eight times over two.
    expect(slower?.adjustedPValue).toBeLessThanOrEqual((slower?.pValue ?? 0) * 8);
    expect(slower?.adjustedPValue).toBeGreaterThan(slower?.pValue ?? 1);
  });

  test('are those of the branch asked for', async () => {
    const there = await regressions({ branch: 'feature' });
    const anywhere = await regressions({ branch: null });

    expect(there.regressions.map(({ testCase }) => testCase.name)).toEqual(['onlyThere']);
    expect(anywhere.regressions.map(({ testCase }) => testCase.name)).toEqual([
      'much',
      'onlyThere',
      'slower',
    ]);
  });

  test('are on the default branch when no branch is said', async () => {
    const { organizationId } = organization;
    const setBranch = (defaultBranch: string | null) =>
      gateway.db.prisma.repository.updateMany({
        where: { organizationId },
        data: { defaultBranch },
      });
    await setBranch('feature');

    const found = await regressions({ branch: null });

    await setBranch(null);
    expect(found.regressions.map(({ testCase }) => testCase.name)).toEqual(['onlyThere']);
  });

  test('are not there when nothing changed, or for another organization', async () => {
    const stranger = await newOrganization(gateway);

    const back = await regressions({
      base: { from: '2026-02-01T00:00:00Z', to: '2026-02-04T00:00:00Z' },
      sample: { from: '2026-03-02T00:00:00Z', to: '2026-03-04T00:00:00Z' },
    });
    const foreign = await stranger.ask<Answer>(operation, sides);

    expect([back.comparedCount, back.totalCount]).toEqual([0, 0]);
    expect(foreign.testDurationRegressions.comparedCount).toBe(0);
  });

  test('take three statements', async () => {
    const before = gateway.statements().length;

    await regressions();

    expect(gateway.statements().length - before).toBeLessThanOrEqual(3);
  });

  test.each([
    [{ first: -1 }, 'first: must be from 0 to 100'],
    [
      { sample: { from: '2026-03-03T12:00:00Z', to: '2026-03-11T00:00:00Z' } },
      'sample.from: must begin on a day',
    ],
    [
      { base: { from: '2026-03-04T00:00:00Z', to: '2026-03-02T00:00:00Z' } },
      'base.from: must be before `to`',
    ],
    [{ repository: 'x' }, 'repository: is not the id of a Repository'],
  ])('are not given for %j', async (variables, message) => {
    expect(await organization.refusal(operation, { ...sides, ...variables })).toContain(message);
  });
});

test('a branch with fewer runs than the others is not drowned by them', async () => {
  const mixed = await newOrganization(gateway);
  await mixed.send([
    ...runs('2026-03-02T00:00:00Z', 25, 'main', { drowned: 1 }),
    ...runs('2026-03-02T00:00:00Z', 40, 'feature', { drowned: 1 }),
    ...runs('2026-03-09T00:00:00Z', 25, 'main', { drowned: 3 }),
    ...runs('2026-03-09T00:00:00Z', 40, 'feature', { drowned: 1 }),
  ]);

  const { testDurationRegressions } = await mixed.ask<Answer>(
    `{ testDurationRegressions(repository: "acme/widgets", branch: "main",
        base: { from: "2026-03-02T00:00:00Z", to: "2026-03-09T00:00:00Z" },
        sample: { from: "2026-03-09T00:00:00Z", to: "2026-03-16T00:00:00Z" }) {
      totalCount regressions { testCase { name } changePercent } } }`,
  );

  expect(testDurationRegressions.totalCount).toBe(1);
  expect(testDurationRegressions.regressions[0]?.changePercent).toBeCloseTo(200, -1);
});
