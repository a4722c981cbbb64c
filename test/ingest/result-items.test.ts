import { beforeAll, expect, test } from 'vitest';
import type { TestResultInput } from '../generated/graphql.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aBuild, type IngestClient, ingestClient } from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
let buildId: string;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
  const { build } = await ingest.build(aBuild());
  buildId = build.databaseId;
});

function result(name: string, said: Partial<TestResultInput> = {}): TestResultInput {
  return { name, status: 'PASSED', ...said };
}

async function storedOf(name: string) {
  return gateway.db.prisma.testResult.findMany({
    where: { testCase: { name } },
    include: { testCase: true },
  });
}

test('bad results are rejected with their place, name and reason, and the good ones are stored', async () => {
  const tooLate = new Date(Date.now() + 25 * 3_600_000).toISOString();
  const results = [
    result('good 1'),
    result('negative', { durationUs: -1 }),
    result('attempt', { attempt: 0 }),
    result('x'.repeat(10_001)),
    result('future', { recordedAt: tooLate }),
    result('past', { recordedAt: '1969-12-31T23:59:59Z' }),
    result('good 2', { variant: 'linux' }),
    result('variant', { variant: 'x'.repeat(513) }),
    result('word', { statusRaw: 'x'.repeat(65) }),
  ];

  const { accepted, duplicates, rejected } = await ingest.results({ buildId, results });

  const place = (index: number, field: string) => ['input', 'results', String(index), field];
  expect({ accepted, duplicates }).toEqual({ accepted: 2, duplicates: 0 });
  expect(rejected).toEqual([
    { index: 1, name: 'negative', path: place(1, 'durationUs'), reason: 'must not be negative' },
    { index: 2, name: 'attempt', path: place(2, 'attempt'), reason: 'counts from 1' },
    {
      index: 3,
      name: 'x'.repeat(512),
      path: place(3, 'name'),
      reason: 'must be at most 10000 characters',
    },
    {
      index: 4,
      name: 'future',
      path: place(4, 'recordedAt'),
      reason: 'is more than a day in the future',
    },
    { index: 5, name: 'past', path: place(5, 'recordedAt'), reason: 'must not be before 1970' },
    {
      index: 7,
      name: 'variant',
      path: place(7, 'variant'),
      reason: 'must be at most 512 characters',
    },
    {
      index: 8,
      name: 'word',
      path: place(8, 'statusRaw'),
      reason: 'must be at most 64 characters',
    },
  ]);
});

test('no results are stored as none', async () => {
  expect(await ingest.results({ buildId, results: [] })).toMatchObject({
    accepted: 0,
    duplicates: 0,
    rejected: [],
  });
});

test('20,000 results are stored, and one more is refused with what to do', async () => {
  const results = Array.from({ length: 20_001 }, (_, index) => result(`many ${index}`));

  const { accepted } = await ingest.results({ buildId, results: results.slice(1) });
  const { issues } = await ingest.refusal('recordTestResults', { buildId, results });

  expect(accepted).toBe(20_000);
  expect(issues).toEqual([
    {
      path: ['input', 'results'],
      message: 'must be at most 20000 results; send the rest in another request',
    },
  ]);
});

test('a stack trace of a million characters is stored whole, and a longer one is rejected', async () => {
  const stackTrace = 'at 漢字.run\n'.repeat(100_000).slice(0, 1_000_000);

  const { accepted, rejected } = await ingest.results({
    buildId,
    results: [
      result('long trace', { status: 'FAILED', stackTrace, message: stackTrace }),
      result('longer trace', { status: 'FAILED', stackTrace: `${stackTrace}x` }),
    ],
  });

  expect(accepted).toBe(1);
  expect(rejected).toMatchObject([
    { index: 1, name: 'longer trace', path: ['input', 'results', '1', 'stackTrace'] },
  ]);
  expect(await storedOf('long trace')).toMatchObject([{ stackTrace, message: stackTrace }]);
});

test('empty names are names', async () => {
  const { accepted } = await ingest.results({
    buildId,
    results: [
      result(''),
      result('', { suite: '', className: '', file: '' }),
      result('', { suite: 's' }),
    ],
  });

  const stored = await storedOf('');
  expect(accepted).toBe(3);
  expect(stored.map(({ testCase, attempt }) => [testCase.suite, attempt]).sort()).toEqual([
    ['', 1],
    ['', 2],
    ['s', 1],
  ]);
});

test('names of 10,000 characters are stored, found and told apart by their last', async () => {
  const long = Array.from({ length: 9_999 }, (_, index) =>
    String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000)),
  ).join('');
  const results = ['a', 'b'].map((last) =>
    result(long + last, { suite: long + last, className: long + last, file: long + last }),
  );

  const first = await ingest.results({ buildId, results });
  const second = await ingest.results({ buildId, results });

  const { data } = await gateway.graphql<{ testCases: { edges: { node: { name: string } }[] } }>(
    `query ($text: String) {
      testCases(first: 5, orderBy: { field: NAME, direction: ASC }, filter: { text: $text }) {
        edges { node { name } }
      }
    }`,
    { text: long.slice(100, 150) },
  );
  expect([first.accepted, second.duplicates]).toEqual([2, 2]);
  expect(data?.testCases.edges.map(({ node }) => node.name.at(-1)).sort()).toEqual(['a', 'b']);
});

test('text that Postgres cannot hold is stored with a replacement, and still recognised', async () => {
  const odd = result('odd\0name', {
    suite: '\ud800',
    message: 'a\0b',
    stackTrace: '\udfff\0',
    status: 'FAILED',
  });

  const first = await ingest.results({ buildId, results: [odd] });
  const second = await ingest.results({ buildId, results: [odd] });

  expect([first.accepted, second.accepted]).toEqual([1, 0]);
  expect(await storedOf('odd\ufffdname')).toMatchObject([
    { message: 'a\ufffdb', stackTrace: '\ufffd\ufffd', testCase: { suite: '\ufffd' } },
  ]);
});

test('a word for the outcome is kept beside it', async () => {
  await ingest.results({
    buildId,
    results: [result('worded', { status: 'ERRORED', statusRaw: 'flakyError' })],
  });

  expect(await storedOf('worded')).toMatchObject([{ status: 'ERRORED', statusRaw: 'flakyError' }]);
});

test('a duration of 35 days comes back as it was sent', async () => {
  await ingest.results({ buildId, results: [result('slow', { durationUs: 3_024_000_000_000 })] });

  expect(await storedOf('slow')).toMatchObject([{ durationUs: 3_024_000_000_000n }]);
});
