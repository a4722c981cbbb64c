import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { StageInput } from '../generated/graphql.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aBuild, type IngestClient, ingestClient, repository } from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
});

async function newBuild(said: Parameters<typeof aBuild>[0] = {}): Promise<string> {
  const { build } = await ingest.build(aBuild(said));
  return build.databaseId;
}

function stage(order: number, said: Partial<StageInput> = {}): StageInput {
  return { order, name: `stage ${order}`, status: 'SUCCESS', ...said };
}

async function storedStages(buildId: string) {
  return gateway.db.prisma.stage.findMany({ where: { buildId }, orderBy: { order: 'asc' } });
}

test('the same stages twice are stored once', async () => {
  const buildId = await newBuild();
  const stages = [stage(1, { durationMs: 3_024_000_000 }), stage(0, { agentName: 'runner 1' })];

  const first = await ingest.stages({ buildId, stages });
  const before = await storedStages(buildId);
  const second = await ingest.stages({ buildId, stages });

  expect([first.accepted, second.accepted]).toEqual([2, 2]);
  expect(await storedStages(buildId)).toEqual(before);
  expect(before).toMatchObject([
    { order: 0, name: 'stage 0', statusRaw: 'SUCCESS', agentName: 'runner 1' },
    { order: 1, name: 'stage 1', durationMs: 3_024_000_000n },
  ]);
});

test('a known stage is updated, and what is absent keeps its value', async () => {
  const buildId = await newBuild();
  const startedAt = '2026-03-02T10:00:00.000Z';
  await ingest.stages({ buildId, stages: [stage(0, { status: 'IN_PROGRESS', startedAt })] });

  const ended = stage(0, {
    status: 'FAILURE',
    statusRaw: 'failed',
    durationMs: 9,
  });
  await ingest.stages({ buildId, stages: [ended] });

  expect(await storedStages(buildId)).toMatchObject([
    {
      name: 'stage 0',
      status: 'FAILURE',
      statusRaw: 'failed',
      durationMs: 9n,
      startedAt: new Date(startedAt),
    },
  ]);
});

test('messages about a stage end in the same row in whatever order they come', async () => {
  const queued = stage(0, { status: 'QUEUED', queueDurationMs: 5 });
  const running = stage(0, { status: 'IN_PROGRESS', agentName: 'runner 1', durationMs: 10 });
  const ended = stage(0, { status: 'UNSTABLE', statusRaw: 'soft failed', durationMs: 99 });
  const orders = [
    [queued, running, ended],
    [queued, ended, running],
    [running, queued, ended],
    [running, ended, queued],
    [ended, queued, running],
    [ended, running, queued],
  ];

  const rows = await Promise.all(
    orders.map(async (messages) => {
      const buildId = await newBuild();
      for (const message of messages) await ingest.stages({ buildId, stages: [message] });
      return storedStages(buildId);
    }),
  );

  const expected = {
    status: 'UNSTABLE',
    statusRaw: 'soft failed',
    durationMs: 99n,
    queueDurationMs: 5n,
    agentName: 'runner 1',
  };
  expect(rows).toMatchObject(orders.map(() => [expected]));
});

test('a queued stage that begins to run is running, and stays so when it is said to wait', async () => {
  const buildId = await newBuild();

  await ingest.stages({ buildId, stages: [stage(0, { status: 'IN_PROGRESS' })] });
  await ingest.stages({ buildId, stages: [stage(0, { status: 'QUEUED' })] });

  expect(await storedStages(buildId)).toMatchObject([{ status: 'IN_PROGRESS' }]);
});

test('a bad stage is rejected with its place and reason, and the good ones are stored', async () => {
  const buildId = await newBuild();
  const stages = [
    stage(0),
    stage(1, { durationMs: -1 }),
    stage(-1, { name: 'below' }),
    stage(2, { name: '' }),
    stage(3, { name: 'x'.repeat(513) }),
    stage(1_000_001),
    stage(4),
  ];

  const { accepted, rejected } = await ingest.stages({ buildId, stages });

  expect(accepted).toBe(2);
  expect(rejected).toEqual([
    {
      index: 1,
      name: 'stage 1',
      path: ['input', 'stages', '1', 'durationMs'],
      reason: 'must not be negative',
    },
    {
      index: 2,
      name: 'below',
      path: ['input', 'stages', '2', 'order'],
      reason: 'must not be negative',
    },
    { index: 3, name: '', path: ['input', 'stages', '3', 'name'], reason: 'must not be empty' },
    {
      index: 4,
      name: 'x'.repeat(512),
      path: ['input', 'stages', '4', 'name'],
      reason: 'must be at most 512 characters',
    },
    {
      index: 5,
      name: 'stage 1000001',
      path: ['input', 'stages', '5', 'order'],
      reason: 'must be at most 1000000',
    },
  ]);
  expect((await storedStages(buildId)).map(({ order }) => order)).toEqual([0, 4]);
});

test('no stages are stored as none', async () => {
  const buildId = await newBuild();

  expect(await ingest.stages({ buildId, stages: [] })).toMatchObject({ accepted: 0, rejected: [] });
});

test('more than 5,000 stages are refused with what to do', async () => {
  const buildId = await newBuild();
  const stages = Array.from({ length: 5001 }, (_, order) => stage(order));

  const refusal = await ingest.refusal('recordStages', { buildId, stages });

  expect(refusal.issues).toEqual([
    {
      path: ['input', 'stages'],
      message: 'must be at most 5000 stages; send the rest in another request',
    },
  ]);
});

test('stages of a build that is not there are a NotFoundError', async () => {
  const refusal = await ingest.refusal('recordStages', {
    buildId: randomUUID(),
    stages: [stage(0)],
  });

  expect(refusal.__typename).toBe('NotFoundError');
});

test('a repository that the build learns later reaches its stages', async () => {
  const id = await newBuild({ repository: null });
  await ingest.stages({ buildId: id, stages: [stage(0), stage(1)] });

  await ingest.build(aBuild({ id, repository: { owner: 'acme', name: 'learnt' } }));

  const known = await gateway.db.prisma.repository.findFirstOrThrow({ where: { name: 'learnt' } });
  const repositories = (await storedStages(id)).map(({ repositoryId }) => repositoryId);
  expect(repositories).toEqual([known.id, known.id]);
});

test('a repository learnt while stages are written reaches all of them, and nobody waits for ever', async () => {
  const builds = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const id = await newBuild({ repository: null });
      await ingest.stages({ buildId: id, stages: [stage(0), stage(1)] });
      return id;
    }),
  );

  await Promise.all(
    builds.flatMap((id) => [
      ingest.stages({ buildId: id, stages: [stage(1), stage(2), stage(0), stage(3)] }),
      ingest.build(aBuild({ id, repository })),
      ingest.stages({ buildId: id, stages: [stage(4), stage(0)] }),
    ]),
  );

  const rows = await gateway.db.prisma.stage.findMany({ where: { buildId: { in: builds } } });
  expect(rows).toHaveLength(100);
  expect(rows.filter(({ repositoryId }) => repositoryId === null)).toEqual([]);
});

test('20 requests that write the same stages in different orders all end', async () => {
  const buildId = await newBuild();
  const stages = Array.from({ length: 50 }, (_, order) => stage(order));

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, shift) =>
      ingest.stages({ buildId, stages: [...stages.slice(shift), ...stages.slice(0, shift)] }),
    ),
  );

  expect(answers.map(({ accepted }) => accepted)).toEqual(Array.from({ length: 20 }, () => 50));
  expect(await storedStages(buildId)).toHaveLength(50);
});

test('text that Postgres cannot hold is stored with a replacement', async () => {
  const buildId = await newBuild();

  await ingest.stages({ buildId, stages: [stage(0, { name: 'a\0b\ud800c', url: '\udfff' })] });

  expect(await storedStages(buildId)).toMatchObject([{ name: 'a\ufffdb\ufffdc', url: '\ufffd' }]);
});
