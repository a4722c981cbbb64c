import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { laterOf, toRecords } from '../db/upsert.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import { StageStatus } from '../db/generated/prisma/enums.ts';
import { inTransaction, join, type Queryable, query, sql, verbatim } from '../db/sql.ts';
import { count, instant, uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { name, text } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { requireHeldBuild } from './find-build.ts';
import { notifyBuild } from './notify-build.ts';
import { type Reject, sortItems } from './rejects.ts';

const StageInput = z.object({
  order: count.max(1_000_000, { error: 'must be at most 1000000' }),
  name: name(),
  status: z.enum(StageStatus),
  statusRaw: text(64).nullish(),
  durationMs: count.nullish(),
  queueDurationMs: count.nullish(),
  startedAt: instant.nullish(),
  completedAt: instant.nullish(),
  agentName: text().nullish(),
  url: text(2048).nullish(),
});

const RecordStagesInput = z.object({
  buildId: uuid,
  stages: z
    .array(z.unknown())
    .max(5000, { error: 'must be at most 5000 stages; send the rest in another request' }),
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
 * Stores stages of a build, recognised by their order; a known one is updated, and what is absent keeps
 * its value. A stage that has ended does not run again.
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
  const taken = new Set<number>();
  const { accepted, rejected } = sortItems(StageInput, stages, ['input', 'stages'], ({ order }) => {
    if (taken.has(order))
      return { field: 'order', reason: `order ${String(order)} is taken by an earlier stage` };
    taken.add(order);
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
    await notifyBuild(tx, { organizationId, repositoryId: build.repositoryId, buildId: build.id });
    return { build, accepted: accepted.length, rejected };
  });
}

async function writeStages(
  tx: Queryable,
  { organizationId, id, repositoryId, recordedAt }: Build,
  stages: readonly z.output<typeof StageInput>[],
): Promise<void> {
  const optional = [
    'duration_ms',
    'queue_duration_ms',
    'started_at',
    'completed_at',
    'agent_name',
    'url',
  ];
  await query(
    tx,
    sql`INSERT INTO stages AS t (organization_id, build_id, repository_id, recorded_at, stage_order, name,
        status, status_raw, ${join(optional.map(verbatim))})
      SELECT ${organizationId}::uuid, ${id}::uuid, ${repositoryId}::uuid, ${recordedAt}::timestamptz,
        stage_order, name, status, coalesce(status_raw, status::text), ${join(optional.map(verbatim))}
      FROM json_populate_recordset(NULL::stages, ${toRecords(stages)}::json)
      ON CONFLICT (organization_id, build_id, stage_order) DO UPDATE SET
        ${laterOf(['name', 'status', 'status_raw', ...optional], isLate)}`,
  );
}

/** A message from before what is known. By the order of the enum: waits, runs, has ended somehow. */
const isLate = sql`least(EXCLUDED.status, 'SUCCESS') < least(t.status, 'SUCCESS')`;
