import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aBuild, type IngestClient, ingestClient } from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
});

/** The first instant of a month, counted from this one. */
function monthStart(ahead: number): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead));
}

function before(instant: Date): Date {
  return new Date(instant.getTime() - 1);
}

function partitionOf(instant: Date): string {
  return `test_results_${instant.toISOString().slice(0, 7).replace('-', '')}`;
}

async function send(...instants: Date[]) {
  const { build } = await ingest.build(aBuild());
  const results = instants.map((at) => ({
    name: at.toISOString(),
    status: 'PASSED' as const,
    recordedAt: at.toISOString(),
  }));
  const request = { buildId: build.databaseId, results };
  const first = await ingest.results(request);
  const second = await ingest.results(request);
  const { rows } = await gateway.db.pool.query<{ partition: string }>(
    `SELECT tableoid::regclass::text AS partition FROM test_results
     WHERE build_id = $1 ORDER BY recorded_at`,
    [build.databaseId],
  );
  return {
    accepted: [first.accepted, second.accepted],
    partitions: rows.map(({ partition }) => partition),
  };
}

test('a result in a month without a partition makes it, by the month in UTC', async () => {
  const [first, next] = [monthStart(-5), monthStart(-4)];

  const { accepted, partitions } = await send(before(first), first, before(next), next);

  expect(accepted).toEqual([4, 0]);
  expect(partitions).toEqual([
    partitionOf(before(first)),
    partitionOf(first),
    partitionOf(first),
    partitionOf(next),
  ]);
});

test('results older than 13 months go to the default partition, and are known there too', async () => {
  const oldest = monthStart(-13);

  const { accepted, partitions } = await send(
    new Date(0),
    new Date('2011-02-03T04:05:06.789Z'),
    before(oldest),
    oldest,
  );

  expect(accepted).toEqual([4, 0]);
  expect(partitions).toEqual([
    'test_results_default',
    'test_results_default',
    'test_results_default',
    partitionOf(oldest),
  ]);
});

test('the month that is just 13 months old has a partition from its first to its last instant', async () => {
  const [first, next] = [monthStart(-13), monthStart(-12)];

  const begin = await send(first);
  const end = await send(before(next));

  expect(begin).toEqual({ accepted: [1, 0], partitions: [partitionOf(first)] });
  expect(end).toEqual(begin);
});

test('results of a build that is older than 13 months take its time', async () => {
  const startedAt = '2012-03-04T05:06:07.008Z';
  const { build } = await ingest.build(aBuild({ startedAt }));
  const request = {
    buildId: build.databaseId,
    results: [{ name: 't', status: 'PASSED' as const }],
  };

  const first = await ingest.results(request);
  const second = await ingest.results(request);

  const where = { buildId: build.databaseId };
  expect([first.accepted, second.duplicates]).toEqual([1, 1]);
  expect(await gateway.db.prisma.testResult.findMany({ where })).toMatchObject([
    { recordedAt: new Date(startedAt) },
  ]);
});

test('results in new months and in known ones at once are all stored', async () => {
  const { build } = await ingest.build(aBuild());
  const months = Array.from({ length: 12 }, (_, index) => monthStart(-index));

  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      ingest.results({
        buildId: build.databaseId,
        commitSha: `commit ${index % 4}`,
        results: [months[index % 12], new Date(Date.UTC(2011, index % 12))].map((at, place) => ({
          name: `test ${place}`,
          status: index % 2 === 0 ? ('PASSED' as const) : ('FAILED' as const),
          durationUs: index,
          recordedAt: (at ?? new Date(0)).toISOString(),
        })),
      }),
    ),
  );

  expect(answers.map(({ accepted }) => accepted)).toEqual(Array(60).fill(2));
});
