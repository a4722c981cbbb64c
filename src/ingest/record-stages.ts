import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { laterOf, toRecords } from '../db/upsert.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import { StageStatus } from '../db/generated/prisma/enums.ts';
import { inTransaction, join, type Queryable, query, sql, verbatim } from '../db/sql.ts';
import { count, instant, list, uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { stageKey } from '../domain/stage-key.ts';
import { name, text } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { requireHeldBuild } from './find-build.ts';
import { noteStages } from './note-changes.ts';
import { notifyBuild } from './notify-build.ts';
import { type Reject, sortItems } from './rejects.ts';

const StepInput = z.object({
  number: count,
  name: text(),
  status: text(64).nullish(),
  startedAt: instant.nullish(),
  completedAt: instant.nullish(),
});

const StageInput = z
  .object({
    order: count.max(1_000_000, { error: 'must be at most 1000000' }).nullish(),
    externalId: text(128).nullish(),
    group: text().nullish(),
    attempt: count.min(1, { error: 'counts from 1' }).max(1_000_000).nullish(),
    steps: list(StepInput, 1000).nullish(),
    name: name(),
    status: z.enum(StageStatus),
    statusRaw: text(64).nullish(),
    durationMs: count.nullish(),
    queueDurationMs: count.nullish(),
    startedAt: instant.nullish(),
    completedAt: instant.nullish(),
    agentName: text().nullish(),
    url: text(2048).nullish(),
  })
  .refine(({ order, externalId }) => order != null || externalId != null, {
    path: ['order'],
    error: 'is needed: the stage has no externalId',
  });
type Stage = z.output<typeof StageInput>;

/** The most stages of one request. */
export const mostStagesAtOnce = 5000;

const RecordStagesInput = z.object({
  buildId: uuid,
  stages: z.array(z.unknown()).max(mostStagesAtOnce, {
    error: `must be at most ${String(mostStagesAtOnce)} stages; send the rest in another request`,
  }),
});
export interface RecordStagesInput {
  readonly buildId: string;
  readonly stages: readonly z.input<typeof StageInput>[];
}

export interface RecordedStages {
  readonly build: Build;
  /** Number of stages stored or updated. */
  readonly accepted: number;
  readonly rejected: readonly Reject[];
}

/**
 * Stores stages of a build, recognised by the CI's own id, else by order and name (Contract: buildbutler.md 6); a
 * known one is updated, and what is absent keeps its value. A stage that has ended does not run again.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if there is no such build
 * @throws {ValidationError} if the request is not of its shape; a single bad stage is a reject instead
 */
export async function recordStages(
  ctx: ServiceContext,
  input: RecordStagesInput,
): Promise<RecordedStages> {
  requireCapability(ctx.tenant, 'INGEST');
  const { buildId, stages } = parseInput(RecordStagesInput, input);
  const taken = new Set<string>();
  const { accepted, rejected } = sortItems(StageInput, stages, ['input', 'stages'], (stage) => {
    const key = stageKey(stage);
    if (taken.has(key)) return refusalOfTwin(stage);
    taken.add(key);
    return null;
  });

  return inTransaction(ctx.db.pool, async (tx) => {
    const { organizationId } = ctx.tenant;
    // Held: a repository that the build learns meanwhile reaches these stages too.
    const build = await requireHeldBuild(tx, organizationId, buildId);
    await writeStages(
      tx,
      build,
      accepted.map(({ item }) => item),
    );
    await noteStages(tx, build);
    await notifyBuild(tx, { organizationId, repositoryId: build.repositoryId, buildId: build.id });
    return { build, accepted: accepted.length, rejected };
  });
}

function refusalOfTwin({ externalId, order }: Stage): { field: string; reason: string } {
  return externalId == null
    ? { field: 'order', reason: `order ${String(order)} is taken by an earlier stage of this name` }
    : { field: 'externalId', reason: `is that of an earlier stage` };
}

const optional = [
  'group_name',
  'external_id',
  'attempt',
  'duration_ms',
  'queue_duration_ms',
  'started_at',
  'completed_at',
  'agent_name',
  'url',
] as const;

async function writeStages(
  tx: Queryable,
  { organizationId, id, repositoryId, recordedAt }: Build,
  stages: readonly Stage[],
): Promise<void> {
  const rows = stages.map((stage) => ({ ...stage, key: stageKey(stage) }));
  await query(
    tx,
    sql`INSERT INTO stages AS t (organization_id, build_id, key, repository_id, recorded_at, stage_order, is_ranked,
        name, status, status_raw, steps, ${join(optional.map(verbatim))})
      SELECT ${organizationId}::uuid, ${id}::uuid, key, ${repositoryId}::uuid, ${recordedAt}::timestamptz,
        coalesce(stage_order, 0), stage_order IS NULL, name, status, coalesce(status_raw, status::text),
        coalesce(steps, '[]'), ${join(optional.map(verbatim))}
      FROM json_populate_recordset(NULL::stages, ${toRecords(rows)}::json)
      ON CONFLICT (organization_id, build_id, key) DO UPDATE SET
        stage_order = CASE WHEN EXCLUDED.is_ranked THEN t.stage_order ELSE EXCLUDED.stage_order END,
        is_ranked = t.is_ranked AND EXCLUDED.is_ranked,
        steps = CASE WHEN EXCLUDED.steps = '[]' OR (${isLate} AND t.steps <> '[]') THEN t.steps ELSE EXCLUDED.steps END,
        ${laterOf(['name', 'status', 'status_raw', ...optional], isLate)}`,
  );
  if (stages.some(({ order }) => order == null)) await rankStages(tx, organizationId, id);
}

/**
 * Puts stages whose order nobody said behind the others: groups as they began, in them the stages as they began,
 * ties by the CI's own id (Contract: buildbutler.md 9.1 and 9.2).
 */
async function rankStages(tx: Queryable, organizationId: string, buildId: string): Promise<void> {
  const ofBuild = sql`organization_id = ${organizationId}::uuid AND build_id = ${buildId}::uuid`;
  const serial = sql`lpad(external_id, 20, '0')`; // so that 9 stands before 10
  await query(
    tx,
    sql`WITH grouped AS (
        SELECT key, started_at, ${serial} AS serial,
          min(started_at) OVER (PARTITION BY group_name) AS group_began,
          min(${serial}) OVER (PARTITION BY group_name) AS group_serial
        FROM stages WHERE ${ofBuild} AND is_ranked),
      ranked AS (
        SELECT key, coalesce((SELECT max(stage_order) + 1 FROM stages WHERE ${ofBuild} AND NOT is_ranked), 0) - 1
          + row_number() OVER (ORDER BY group_began, group_serial, started_at, serial) AS place
        FROM grouped)
      UPDATE stages t SET stage_order = place FROM ranked
      WHERE t.organization_id = ${organizationId}::uuid AND t.build_id = ${buildId}::uuid
        AND t.key = ranked.key AND t.stage_order <> place`,
  );
}

/** A message from before what is known. By the order of the enum: waits, runs, has ended somehow. */
const isLate = sql`least(EXCLUDED.status, 'SUCCESS') < least(t.status, 'SUCCESS')`;
