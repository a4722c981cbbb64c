import { beforeAll, describe, expect, test } from 'vitest';
import { assignAllOwners } from '../../src/ingest/assign-owners.ts';
import { runDemo } from '../../src/demo/run-demo.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const now = new Date('2026-03-18T15:20:00Z');
const reduced = { days: 20, builds: 220 };

const COUNTS = /* GraphQL */ `
  query DemoCounts {
    repositories {
      totalCount
    }
    builds {
      totalCount
    }
    stages {
      totalCount
    }
    submissions {
      totalCount
    }
    invocations {
      totalCount
    }
    testCases {
      totalCount
    }
    testResults {
      totalCount
    }
    flakyTests {
      totalCount
    }
  }
`;

type Counts = Readonly<Record<string, { readonly totalCount: number }>>;

function recorder() {
  const lines: string[] = [];
  return { lines, write: (text: string) => lines.push(text) };
}

async function countAll(gateway: TestGateway): Promise<Readonly<Record<string, number>>> {
  const { data, errors } = await gateway.graphql<Counts>(COUNTS);
  expect(errors).toBeUndefined();
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([list, { totalCount }]) => [list, totalCount]),
  );
}

function fill(gateway: TestGateway, options: Partial<Parameters<typeof runDemo>[0]> = {}) {
  return runDemo({
    url: `${gateway.url}/graphql`,
    apiKey: gateway.key,
    signal: new AbortController().signal,
    output: recorder(),
    now: () => now,
    ...reduced,
    ...options,
  });
}

describe('the demo', () => {
  let gateway: TestGateway;
  let counts: Readonly<Record<string, number>>;
  const output = recorder();

  beforeAll(async () => {
    gateway = await startGateway();
    await fill(gateway, { output });
    await gateway.settleAnalytics(() => now);
    await assignAllOwners({ db: gateway.db });
    counts = await countAll(gateway);
  }, 120_000);

  test('fills every list of the gateway', () => {
    expect(counts).toMatchObject({ repositories: 6, builds: 220 });
    expect(counts['stages']).toBeGreaterThan(3 * 220);
    expect(counts['testCases']).toBeGreaterThan(900);
    expect(counts['testResults']).toBeGreaterThan(5_000);
    expect(counts['submissions']).toBeGreaterThan(20);
    expect(counts['invocations']).toBeGreaterThan(10);
  });

  test('says in ten lines or so how far it is, where there is no terminal', () => {
    expect(output.lines.length).toBeLessThan(15);
    expect(output.lines.at(-1)).toMatch(/^Demo data: (\d+) of \1 \(100 %\)\n$/);
  });

  test('adds nothing when it runs again, a day later', async () => {
    const tomorrow = new Date('2026-03-19T15:20:00Z');

    const isNew = await fill(gateway, { now: () => tomorrow });

    expect(isNew).toBe(false);
    expect(await countAll(gateway)).toEqual(counts);
  });

  test('has flaky tests with evidence, one of them in a real report', async () => {
    const { data } = await gateway.graphql<{
      flakyTests: {
        nodes: { state: string; evidenceCount: number; testCase: { name: string } }[];
      };
    }>('{ flakyTests(first: 50) { nodes { state evidenceCount testCase { name } } } }');

    const nodes = data?.flakyTests.nodes ?? [];
    const found = new Map(
      nodes.map(({ evidenceCount, testCase }) => [testCase.name, evidenceCount]),
    );
    const states = new Map(nodes.map(({ state, testCase }) => [testCase.name, state]));

    expect(found.get('createWebhook')).toBe(1);
    expect(found.get('applies a voucher')).toBeGreaterThanOrEqual(1);
    expect(found.get('rendersGermanVat')).toBe(0);
    expect(states.get('rendersGermanVat')).toBe('BROKEN');
  });

  test('has tests that fail together', async () => {
    const { data } = await gateway.graphql<{
      coFailureClusters: { clusters: { tests: { name: string }[] }[] };
    }>(
      `query($window: TimeRange!) { coFailureClusters(repository: "acme/payments-api", window: $window) {
        clusters { tests { name } } } }`,
      { window: { from: '2026-02-20T00:00:00Z', to: now.toISOString() } },
    );

    const clusters = data?.coFailureClusters.clusters ?? [];
    expect(clusters.map(({ tests }) => tests.map(({ name }) => name).sort())).toContainEqual([
      'rendersGermanVat',
      'rendersReverseCharge',
    ]);
  });

  test('has owners of tests, prices of machines, a test in quarantine and a tag', async () => {
    const { data, errors } = await gateway.graphql(`{
      testCases(filter: { tag: "ledger" }) { nodes { name owners } }
      quarantines: flakyTests(filter: { quarantined: true }) { nodes { testCase { name owners } quarantine { mode } } }
      repository(owner: "acme", name: "payments-api") { statistics(window: { days: 400 }) { cost { currency } } }
    }`);

    expect(errors).toBeUndefined();
    expect(data).toEqual({
      testCases: {
        nodes: [{ name: 'concurrentTransfersKeepBalance', owners: ['@acme/ledger', '@dana'] }],
      },
      quarantines: {
        nodes: [
          {
            testCase: { name: 'cachesRatesUntilMidnight', owners: ['@acme/treasury'] },
            quarantine: { mode: 'MUTE' },
          },
        ],
      },
      repository: { statistics: { cost: { currency: 'USD' } } },
    });
  });

  test('keeps a report that is no XML, with the reason', async () => {
    const { data } = await gateway.graphql<{
      submissions: { nodes: { failureReason: string; repository: { name: string } }[] };
    }>(
      '{ submissions(filter: { status: FAILED }) { nodes { failureReason repository { name } } } }',
    );

    expect(data?.submissions.nodes).toEqual([
      {
        failureReason: expect.stringMatching(
          /^The XML is malformed.*\(line 18, column \d+\)$/,
        ) as string,
        repository: { name: 'action-junit-report' },
      },
    ]);
  });
});

test('a demo that was interrupted gets the rest of the same history', async () => {
  const small = { days: 7, builds: 60 };
  const gateway = await startGateway();
  const stop = new AbortController();
  const output = {
    write: () => {
      stop.abort();
    },
  };

  await expect(fill(gateway, { ...small, output, signal: stop.signal })).rejects.toThrow();
  const later = new Date('2026-03-18T18:00:00Z');
  await fill(gateway, { ...small, now: () => later });

  const whole = await startGateway();
  await fill(whole, small);
  expect(await countAll(gateway)).toEqual(await countAll(whole));
}, 120_000);
