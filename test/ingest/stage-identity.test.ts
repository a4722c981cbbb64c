import { beforeAll, expect, test } from 'vitest';
import type { StageInput } from '../generated/graphql.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aBuild, type IngestClient, ingestClient } from './ingest-client.ts';

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

test('stages that run side by side share an order, and are told apart by their names', async () => {
  const buildId = await newBuild();
  const stages = [stage(0, { name: 'lint' }), stage(0, { name: 'unit' }), stage(1)];

  await ingest.stages({ buildId, stages });
  await ingest.stages({ buildId, stages: [stage(0, { name: 'unit', status: 'FAILURE' })] });

  const stored = await storedStages(buildId);
  expect(stored.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
    'lint SUCCESS',
    'stage 1 SUCCESS',
    'unit FAILURE',
  ]);
});

test('of two stages with one order and name in a request the first is stored', async () => {
  const buildId = await newBuild();

  const { accepted, rejected } = await ingest.stages({
    buildId,
    stages: [stage(0, { durationMs: 1 }), stage(0, { durationMs: 2 })],
  });

  expect(accepted).toBe(1);
  expect(rejected).toMatchObject([
    { index: 1, name: 'stage 0', path: ['input', 'stages', '1', 'order'] },
  ]);
  expect(await storedStages(buildId)).toMatchObject([{ durationMs: 1n }]);
});

test('a stage with an id of the CI is known by it, whatever it is called and wherever it stands', async () => {
  const buildId = await newBuild();
  await ingest.stages({ buildId, stages: [stage(3, { externalId: '71', status: 'QUEUED' })] });

  await ingest.stages({ buildId, stages: [stage(1, { externalId: '71', name: 'renamed' })] });

  expect(await storedStages(buildId)).toMatchObject([
    { externalId: '71', name: 'renamed', order: 1, status: 'SUCCESS' },
  ]);
});

test('stages without an order stand as they began, in whatever order they are sent', async () => {
  const at = (minute: number) => `2026-03-02T10:0${minute}:00.000Z`;
  const unordered = { status: 'SUCCESS' } as const;
  const stages = [
    { ...unordered, externalId: '9', name: 'second', startedAt: at(1) },
    { ...unordered, externalId: '10', name: 'third', startedAt: at(1) },
    { ...unordered, externalId: '4', name: 'never began', status: 'SKIPPED' },
    { ...unordered, externalId: '12', name: 'first', startedAt: at(0) },
  ] as const;
  const buildId = await newBuild();

  for (const one of stages) await ingest.stages({ buildId, stages: [one] });
  await ingest.stages({ buildId, stages: [stages[0]] });

  expect((await storedStages(buildId)).map(({ name }) => name)).toEqual([
    'first',
    'second',
    'third',
    'never began',
  ]);
});

test('steps of a stage are kept, and a late message does not take them away', async () => {
  const buildId = await newBuild();
  const step = {
    number: 2,
    name: 'npm test',
    status: 'failure',
    startedAt: '2026-03-02T10:00:00.000Z',
  };
  const told = stage(0, { externalId: '1', steps: [step] });

  await ingest.stages({ buildId, stages: [told] });
  await ingest.stages({ buildId, stages: [{ ...told, status: 'QUEUED', steps: null }] });

  expect(await storedStages(buildId)).toMatchObject([{ status: 'SUCCESS', steps: [step] }]);
});

test('a stage without order and id is rejected with what it needs', async () => {
  const buildId = await newBuild();

  const { rejected } = await ingest.stages({ buildId, stages: [{ name: 'x', status: 'SUCCESS' }] });

  expect(rejected).toMatchObject([
    { path: ['input', 'stages', '0', 'order'], reason: 'is needed: the stage has no externalId' },
  ]);
});
