import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newOrganization, type SentRun } from './sent-runs.ts';

let gateway: TestGateway;
let organization: Awaited<ReturnType<typeof newOrganization>>;

/** A build on this day of March in which these tests fail. */
function failing(day: number, ...names: readonly string[]): SentRun {
  return {
    at: `2026-03-${String(day).padStart(2, '0')}T10:00:00Z`,
    results: [
      { name: 'passes', status: 'PASSED' },
      ...names.map((name) => ({
        name,
        status: name === 'search' ? ('ERRORED' as const) : ('FAILED' as const),
        message: name.startsWith('log')
          ? `cannot connect to 10.0.0.${String(day)}:5432`
          : `${name} is broken`,
      })),
    ],
  };
}

beforeAll(async () => {
  gateway = await startGateway();
  organization = await newOrganization(gateway);
  await organization.send([
    failing(2, 'login', 'logout', 'logfile'),
    failing(3, 'login', 'logout', 'logfile', 'search'),
    failing(4, 'login', 'logout'), // logfile: two of the three builds
    failing(5, 'search', 'filter'),
    failing(6, 'search', 'filter'),
    failing(7, 'once', 'twice'),
    failing(8, 'twice'),
    failing(9, 'alone'),
    failing(10, 'alone'),
    { ...failing(11, 'stopped', 'halted'), cancelled: true },
    { ...failing(12, 'stopped', 'halted'), cancelled: true },
    failing(28, 'late', 'later'),
    failing(29, 'late', 'later'),
  ]);
});

interface Answer {
  readonly coFailureClusters: {
    readonly totalCount: number;
    readonly failureCount: number;
    readonly isComplete: boolean;
    readonly clusters: readonly {
      readonly tests: readonly { readonly name: string }[];
      readonly testCount: number;
    }[];
  };
}

const operation = `query ($repository: ID = "acme/widgets", $window: TimeRange, $first: Int) {
  coFailureClusters(repository: $repository, window: $window, first: $first) {
    totalCount failureCount isComplete clusters { testCount buildCount lastFailedAt signature tests { name } } } }`;

const window = { from: '2026-03-01T00:00:00Z', to: '2026-03-20T00:00:00Z' };

async function clusters(variables: object = {}): Promise<Answer['coFailureClusters']> {
  const asked = { window, ...variables };
  return (await organization.ask<Answer>(operation, asked)).coFailureClusters;
}

describe('tests that fail together', () => {
  test('are groups, with what they say in common', async () => {
    const found = await clusters();

    const named = found.clusters.map(({ tests, ...cluster }) => ({
      ...cluster,
      names: tests.map(({ name }) => name).sort(),
    }));
    expect(named).toEqual([
      {
        names: ['logfile', 'login', 'logout'],
        testCount: 3,
        buildCount: 3,
        lastFailedAt: '2026-03-04T10:00:00.000Z',
        signature: 'cannot connect to {number}',
      },
      {
        names: ['filter', 'search'],
        testCount: 2,
        buildCount: 2,
        lastFailedAt: '2026-03-06T10:00:00.000Z',
        signature: null,
      },
    ]);
    expect(found).toMatchObject({ totalCount: 2, failureCount: 22, isComplete: true });
  });

  test('begin with those that failed in most builds', async () => {
    const [first] = (await clusters()).clusters;

    expect(first?.tests.at(-1)?.name).toBe('logfile');
  });

  test('are of the time asked for, and as many as asked for', async () => {
    const late = await clusters({
      window: { from: '2026-03-28T00:00:00Z', to: '2026-03-30T00:00:00Z' },
    });
    const one = await clusters({ first: 1 });

    expect(late.clusters.map(({ tests }) => tests.length)).toEqual([2]);
    expect([one.clusters.length, one.totalCount]).toEqual([1, 2]);
  });

  test('are those of one organization', async () => {
    const stranger = await newOrganization(gateway);

    const { coFailureClusters } = await stranger.ask<Answer>(operation, { window });

    expect(coFailureClusters).toEqual({
      totalCount: 0,
      failureCount: 0,
      isComplete: true,
      clusters: [],
    });
  });

  test('take three statements', async () => {
    const before = gateway.statements().length;

    await clusters();

    expect(gateway.statements().length - before).toBeLessThanOrEqual(3);
  });

  test.each([
    [{ first: 101 }, 'first: must be from 0 to 100'],
    [{ repository: 'x' }, 'repository: is not the id of a Repository'],
  ])('are not given for %j', async (variables, message) => {
    expect(await organization.refusal(operation, variables)).toContain(message);
  });
});
