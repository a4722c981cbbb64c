import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { toRecords } from '../db/upsert.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import { StageStatus } from '../db/generated/prisma/enums.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { count, instant, uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { name, text } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { requireBuild } from './find-build.ts';
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
  stages: z.array(z.unknown()).max(5000, { error: 'must be at most 5000 stages; send the rest in another request' }),
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
    if (taken.has(order)) return { field: 'order', reason: `order ${String(order)} is taken by an earlier stage` };
    taken.add(order);
    return null;
  });

  return inTransaction(ctx.db.pool, async (tx) => {
    const { organizationId } = ctx.tenant;
    const build = await requireBuild(tx, organizationId, buildId);
    await writeStages(tx, build, accepted.map(({ item }) => item));
    await notifyBuild(tx, { organizationId, repositoryId: build.repositoryId, buildId: build.id });
    return { build, accepted: accepted.length, rejected };
  });
}

async function writeStages(
  tx: Queryable,
  { organizationId, id, repositoryId, recordedAt }: Build,
  stages: readonly z.output<typeof StageInput>[],
): Promise<void> {
  // In their order: two requests for one build then never wait for each other's rows.
  const sorted = stages.toSorted((a, b) => a.order - b.order);
  await query(
    tx,
    sql`INSERT INTO stages AS s (organization_id, build_id, repository_id, recorded_at, stage_order, name,
        status, status_raw, duration_ms, queue_duration_ms, started_at, completed_at, agent_name, url)
      SELECT ${organizationId}::uuid, ${id}::uuid, ${repositoryId}::uuid, ${recordedAt}::timestamptz,
        stage_order, name, status, coalesce(status_raw, status::text), duration_ms, queue_duration_ms,
        started_at, completed_at, agent_name, url
      FROM json_populate_recordset(NULL::stages, ${toRecords(sorted)}::json)
      ON CONFLICT (organization_id, build_id, stage_order) DO UPDATE SET
        name = EXCLUDED.name,
        status = CASE WHEN ${isLate} THEN s.status ELSE EXCLUDED.status END,
        status_raw = CASE WHEN ${isLate} THEN s.status_raw ELSE EXCLUDED.status_raw END,
        duration_ms = coalesce(EXCLUDED.duration_ms, s.duration_ms),
        queue_duration_ms = coalesce(EXCLUDED.queue_duration_ms, s.queue_duration_ms),
        started_at = coalesce(EXCLUDED.started_at, s.started_at),
        completed_at = coalesce(EXCLUDED.completed_at, s.completed_at),
        agent_name = coalesce(EXCLUDED.agent_name, s.agent_name),
        url = coalesce(EXCLUDED.url, s.url)`,
  );
}

/** A message that the stage runs, come after the one that it ended. */
const isLate = sql`EXCLUDED.status IN ('QUEUED', 'IN_PROGRESS')
  AND s.status NOT IN ('QUEUED', 'IN_PROGRESS')`;
