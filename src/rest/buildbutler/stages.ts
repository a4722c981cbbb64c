import { z } from '@hono/zod-openapi';
import type { ServiceContext } from '../../context.ts';
import { storeOrHold } from '../../ingest/hold-message.ts';
import {
  mostStagesAtOnce,
  recordStages,
  type RecordStagesInput,
} from '../../ingest/record-stages.ts';
import type { Reject } from '../../ingest/rejects.ts';
import type { RestApp } from '../services.ts';
import { buildId, milliseconds } from './fields.ts';
import { addIngestRoute, type IngestAnswer, type IngestServices } from './ingest-route.ts';
import { inPieces } from './pieces.ts';
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

/** A request of the verb takes only so many. */
async function store(
  ctx: ServiceContext,
  { buildId, stages }: RecordStagesInput,
): Promise<IngestAnswer> {
  const total = { accepted: 0, rejected: [] as Reject[] };
  let id: string | undefined;
  let isHeld = false;
  for (const piece of inPieces(stages, mostStagesAtOnce)) {
    const { stored } = await storeOrHold(ctx, 'STAGES', { buildId, stages: piece }, recordStages);
    total.accepted += stored?.accepted ?? piece.length;
    total.rejected.push(...(stored?.rejected ?? []));
    id ??= stored?.build.id;
    isHeld ||= stored === null;
  }
  if (isHeld) return { status: 202, body: { accepted: total.accepted, held: true } };
  return { status: 201, body: { id, ...total } };
}
