import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TestResultInput } from '../generated/graphql.ts';
import { attemptsIn } from '../formats/read-report.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aBuild, type IngestClient, ingestClient } from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
});

function result(name: string, said: Partial<TestResultInput> = {}): TestResultInput {
  return { name, status: 'PASSED', ...said };
}

async function newBuild(said: Parameters<typeof aBuild>[0] = {}): Promise<string> {
  const { build } = await ingest.build(aBuild(said));
  return build.databaseId;
}

async function storedResults(buildId: string) {
  const orderBy = [{ attempt: 'asc' }, { id: 'asc' }] as const;
  return gateway.db.prisma.testResult.findMany({
    where: { buildId },
    orderBy: [...orderBy],
    include: { testCase: true },
  });
}

/** The attempts of a real report, as a client sends them. */
async function realReport(path: string): Promise<TestResultInput[]> {
  const report = await readFile(new URL(`../fixtures/junit/${path}`, import.meta.url));
  return attemptsIn(report).map((attempt) => ({
    suite: attempt.suite,
    className: attempt.className,
    name: attempt.name,
    file: attempt.file,
    status: attempt.status,
    statusRaw: attempt.statusRaw,
    durationUs: attempt.durationUs,
    message: attempt.message,
    stackTrace: attempt.stackTrace,
    attempt: attempt.attempt,
  }));
}

const nestedQuery = `query ($id: ID!) {
  node(id: $id) {
    ... on Build {
      jobName status
      stages(first: 100) { totalCount edges { node { id order name durationMs } } }
      testResults(first: 100) {
        totalCount
        edges { node { id attempt status durationUs message testCase { id suite className name } } }
      }
    }
  }
}`;

interface Nested {
  readonly node: {
    readonly stages: { readonly totalCount: number };
    readonly testResults: {
      readonly totalCount: number;
      readonly edges: readonly { readonly node: { readonly status: string } }[];
    };
  };
}

test('a build with stages and a real report is read back in one query, the same after a repeat', async () => {
  const results = await realReport(
    'mikepenz/tests/utils/target/surefire-reports/TEST-action.surefire.report.calc.StringUtilsTest.xml',
  );
  const ingestAll = async () => {
    const { build } = await ingest.build(
      aBuild({ id: '0c0a3f5e-58a7-4f0a-9d3e-6f2f3a7d9b11', startedAt: '2026-03-02T10:00:00Z' }),
    );
    const stages = ['compile', 'test'].map((name, order) => ({
      order,
      name,
      status: 'SUCCESS' as const,
      durationMs: 1000 * order,
    }));
    await ingest.stages({ buildId: build.id, stages });
    return { id: build.id, counts: await ingest.results({ buildId: build.id, results }) };
  };

  const first = await ingestAll();
  const before = await gateway.graphql<Nested>(nestedQuery, { id: first.id });
  const second = await ingestAll();
  const after = await gateway.graphql<Nested>(nestedQuery, { id: second.id });

  expect(results).toHaveLength(5);
  expect(first.counts).toEqual({
    __typename: 'RecordTestResultsPayload',
    accepted: results.length,
    duplicates: 0,
    rejected: [],
  });
  expect(second.counts).toMatchObject({ accepted: 0, duplicates: results.length });
  expect(before.errors).toBeUndefined();
  expect(before.data?.node.testResults.totalCount).toBe(results.length);
  expect(before.data?.node.stages.totalCount).toBe(2);
  expect(before.data?.node.testResults.edges.map(({ node }) => node.status).sort()).toEqual(
    results.map(({ status }) => status).sort(),
  );
  expect(after).toEqual(before);
});

test('of a list that was stored in part only the rest is new', async () => {
  const buildId = await newBuild();
  const results = [result('a'), result('b'), result('c')];
  await ingest.results({ buildId, results: results.slice(0, 2) });

  const { accepted, duplicates } = await ingest.results({ buildId, results });

  expect({ accepted, duplicates }).toEqual({ accepted: 1, duplicates: 2 });
});

describe('attempts', () => {
  test('without a number are counted in the order of the list', async () => {
    const buildId = await newBuild();

    await ingest.results({
      buildId,
      results: [result('t', { status: 'FAILED' }), result('other'), result('t')],
    });

    const stored = await storedResults(buildId);
    const attempts = stored.map(({ attempt, status, testCase }) => [
      testCase.name,
      attempt,
      status,
    ]);
    expect(attempts.sort()).toEqual([
      ['other', 1, 'PASSED'],
      ['t', 1, 'FAILED'],
      ['t', 2, 'PASSED'],
    ]);
  });

  test('that are the same but for their number are all stored', async () => {
    const buildId = await newBuild();

    const { accepted } = await ingest.results({
      buildId,
      results: [result('t', { attempt: 1 }), result('t', { attempt: 2 }), result('t')],
    });

    expect(accepted).toBe(3);
  });

  test('that are the same in everything are one, and the rest are duplicates', async () => {
    const buildId = await newBuild();
    const results = Array.from({ length: 5 }, () => result('t', { attempt: 1 }));

    const { accepted, duplicates } = await ingest.results({ buildId, results });

    expect({ accepted, duplicates }).toEqual({ accepted: 1, duplicates: 4 });
  });

  test('that differ by less than a second are all stored, in one request or in two', async () => {
    const moments = ['2026-05-10T08:00:00.000Z', '2026-05-10T08:00:00.250Z'];
    const results = moments.map((recordedAt) => result('t', { attempt: 1, recordedAt }));
    const [together, apart] = [await newBuild(), await newBuild()];

    const { accepted } = await ingest.results({ buildId: together, results });
    for (const each of results) await ingest.results({ buildId: apart, results: [each] });

    const ids = (await storedResults(apart)).map(({ id }) => id);
    expect(accepted).toBe(2);
    expect(new Set(ids).size).toBe(2);
  });

  test('of one test in two shards of a build are all stored, told apart by how they went', async () => {
    const buildId = await newBuild();
    const shards = [
      { durationUs: 100 },
      { durationUs: 200 },
      { durationUs: 100, status: 'FAILED' as const, message: 'no' },
      { durationUs: 100, status: 'FAILED' as const, message: 'never' },
    ];

    const answers = await Promise.all(
      shards.map((shard) => ingest.results({ buildId, results: [result('t', shard)] })),
    );

    expect(answers.map(({ accepted }) => accepted)).toEqual([1, 1, 1, 1]);
    expect(new Set((await storedResults(buildId)).map(({ testCaseId }) => testCaseId)).size).toBe(
      1,
    );
  });
});

test('two organizations with the same test do not see each other', async () => {
  const other = await gateway.createOrganization();
  const theirs = ingestClient(gateway, other.key);
  const input = aBuild({ repository: { owner: 'acme', name: 'shared' } });
  const results = [result('same test', { status: 'FAILED' })];

  for (const client of [ingest, theirs]) {
    const { build } = await client.build(input);
    await client.results({ buildId: build.databaseId, results });
  }

  const where = { name: 'same test' };
  const cases = await gateway.db.prisma.testCase.findMany({ where });
  expect(new Set(cases.map(({ organizationId }) => organizationId)).size).toBe(2);
  const list = `{ testResults(filter: { text: "same test" }) { totalCount } }`;
  const answers = await Promise.all(
    [gateway.key, other.key].map((key) => gateway.graphql(list, {}, key)),
  );
  expect(answers).toEqual(Array(2).fill({ data: { testResults: { totalCount: 1 } } }));
});
