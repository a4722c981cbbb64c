import { z } from '@hono/zod-openapi';
import type { ServiceContext } from '../../context.ts';
import { storeOrHold } from '../../ingest/hold-message.ts';
import { recordStages, type RecordStagesInput } from '../../ingest/record-stages.ts';
import type { RestApp } from '../services.ts';
import { buildId, milliseconds } from './fields.ts';
import { addIngestRoute, type IngestAnswer, type IngestServices } from './ingest-route.ts';
import { Accepted, Held } from './present.ts';
import { readEach, readWith } from './read-with.ts';
import { toStageStatus } from './status.ts';

const WireStage = z
  .object({
    stageName: z.string({ error: 'must be text' }),
    stageOrder: z
      .union([z.number(), z.string().regex(/^\s*\d+\s*$/)], { error: 'must be a whole number' })
      .transform((value) => Math.round(Number(value)))
      .openapi({
        type: 'integer',
        minimum: 0,
        description: 'Stages of one order ran in parallel.',
      }),
    status: z.string({ error: 'must be text' }),
    duration: milliseconds,
  })
  .transform(({ stageName, stageOrder, status, duration }) => ({
    name: stageName.slice(0, 512) || 'unnamed',
    order: stageOrder,
    ...toStageStatus(status),
    durationMs: duration,
  }));

const WireStages = z.object({ buildId, stages: z.array(WireStage) }).openapi('StagesReport');

/** The list by itself, before its items. */
const WireList = z.object({
  buildId,
  stages: z.array(z.unknown(), { error: 'must be a list of stages' }),
});

/** The most stages of one request. */
const mostStages = 100_000;

/** Mounts `pipeline-stages`, also as `stages` (Contract: buildbutler.md 7.2). */
export function addStages(rest: RestApp, services: IngestServices): void {
  addIngestRoute(rest, services, {
    names: ['pipeline-stages', 'stages'],
    summary: 'Report stages of a build',
    description: 'A stage of a known order and name is replaced. An empty list is fine.',
    body: WireStages,
    answers: { 201: Accepted, 202: Held },
    read: readStages,
    store,
  });
}

function readStages(json: unknown): RecordStagesInput {
  const { buildId, stages } = readWith(WireList, json);
  return { buildId, stages: readEach(WireStage, stages, { field: 'stages', most: mostStages }) };
}

async function store(ctx: ServiceContext, input: RecordStagesInput): Promise<IngestAnswer> {
  const { stored } = await storeOrHold(ctx, 'STAGES', input, recordStages);
  if (stored === null) return { status: 202, body: { accepted: input.stages.length, held: true } };
  const { build, accepted, rejected } = stored;
  return { status: 201, body: { id: build.id, accepted, rejected } };
}
