import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { AgentStatus } from '../db/generated/prisma/enums.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { laterOf, toRecords } from '../db/upsert.ts';
import { agentServer } from '../domain/agent-server.ts';
import { agentStatusSql, isHeardOfSql } from '../domain/agent-ageing.ts';
import { count, instant, list } from '../domain/fields.ts';
import { hashUuid } from '../domain/object-id.ts';
import { parseInput } from '../domain/parse-input.ts';
import { storableJson } from '../domain/storable-json.ts';
import { name, text } from '../domain/text.ts';
import { futureIssues } from '../domain/time.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { type Reject, sortItems } from './rejects.ts';

const AgentInput = z.object({
  name: name(),
  status: z.enum(AgentStatus),
  statusRaw: text(64).nullish(),
  currentJob: text().nullish(),
  labels: list(text(256), 100).nullish(),
  os: text(128).nullish(),
  arch: text(128).nullish(),
  executors: count.max(1_000_000, { error: 'must be at most 1000000' }).nullish(),
});
type Agent = z.output<typeof AgentInput>;

/** The most agents, and the most items of a queue, in one report. */
export const mostAgentsAtOnce = 10_000;

const RecordAgentsInput = z.object({
  instance: name(2048),
  agents: z
    .array(z.unknown())
    .max(mostAgentsAtOnce, { error: `must be at most ${String(mostAgentsAtOnce)} agents` }),
  queueItems: list(z.unknown(), mostAgentsAtOnce).nullish(),
  queueLength: count.max(2_147_483_647).nullish(),
  recordedAt: instant.nullish(),
});
type SaidAgent = Omit<z.input<typeof AgentInput>, 'labels'> & {
  readonly labels?: readonly string[] | null | undefined;
};
export interface RecordAgentsInput {
  /** The CI server, as the client calls it. */
  readonly instance: string;
  readonly agents: readonly SaidAgent[];
  /** What waits for an agent: any JSON, kept as it is; absent when the report says nothing of a queue. */
  readonly queueItems?: readonly unknown[] | null | undefined;
  /** How long the queue was, when it was longer than the items. */
  readonly queueLength?: number | null | undefined;
  /** When this was so; now when absent. */
  readonly recordedAt?: Date | null | undefined;
}

export interface RecordedAgents {
  readonly snapshotId: string;
  /** Host of the CI server, e.g. `github.com`. */
  readonly server: string;
  /** Number of agents stored or updated. */
  readonly accepted: number;
  readonly rejected: readonly Reject[];
}

/**
 * Stores what a CI server says of its agents and its queue: the state of each agent, and the report as a whole in the
 * history of the server. Agents that it does not name stay as they are known; a report older than what is known of an
 * agent only fills gaps. The same report of the same moment is stored once (Contract: buildbutler.md 6 and 7.4).
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {ValidationError} if the request is not of its shape; a single bad agent is a reject instead
 */
export async function recordAgents(
  ctx: ServiceContext,
  input: RecordAgentsInput,
): Promise<RecordedAgents> {
  requireCapability(ctx.tenant, 'INGEST');
  const { organizationId } = ctx.tenant;
  const now = ctx.now();
  const future = futureIssues(now, { recordedAt: input.recordedAt });
  const { instance, agents, queueItems, queueLength, recordedAt } = parseInput(
    RecordAgentsInput,
    input,
    future,
  );
  const { accepted, rejected } = sortAgents(agents);
  const said = recordedAt ?? now;
  const report = {
    organizationId,
    instance,
    server: agentServer(instance),
    // A clock that runs ahead would make what comes after it look old.
    recordedAt: said < now ? said : now,
    agents: JSON.stringify(storableJson(agents)),
    queueItems: queueItems == null ? null : JSON.stringify(storableJson(queueItems)),
    queueLength: queueLength ?? queueItems?.length ?? null,
  };
  const { server } = report;
  const content = [report.agents, report.queueItems ?? ''];
  const id = hashUuid(['agents', server, said.toISOString(), ...content]);

  return inTransaction(ctx.db.pool, async (tx) => {
    await writeAgents(tx, report, accepted);
    await writeSnapshot(tx, id, report);
    return { snapshotId: id, server, accepted: accepted.length, rejected };
  });
}

function sortAgents(agents: readonly unknown[]): {
  readonly accepted: readonly Agent[];
  readonly rejected: readonly Reject[];
} {
  const taken = new Set<string>();
  const { accepted, rejected } = sortItems(AgentInput, agents, ['input', 'agents'], (agent) => {
    if (taken.has(agent.name)) return { field: 'name', reason: 'is that of an earlier agent' };
    taken.add(agent.name);
    return null;
  });
  return { accepted: accepted.map(({ item }) => item), rejected };
}

interface Report {
  readonly organizationId: string;
  readonly instance: string;
  readonly server: string;
  readonly recordedAt: Date;
  /** JSON. */
  readonly agents: string;
  /** JSON; null when the report says nothing of a queue. */
  readonly queueItems: string | null;
  readonly queueLength: number | null;
}

const isLate = sql`EXCLUDED.last_seen_at < t.last_seen_at`;

/** Whoever was building and still is has the job it had, unless it says another one. */
const isSameJob = sql`EXCLUDED.status = 'BUILDING' AND
  ${agentStatusSql(sql`EXCLUDED.last_seen_at`)} = 'BUILDING'`;

async function writeAgents(
  tx: Queryable,
  { organizationId, instance, server, recordedAt }: Report,
  agents: readonly Agent[],
): Promise<void> {
  const rows = agents.map((agent) => ({ ...agent, id: randomUUID() }));
  await query(
    tx,
    // By name, so that two reports of the same agents never wait for each other.
    sql`INSERT INTO agents AS t (organization_id, id, instance, server, name, status, status_raw, current_job, labels,
        os, arch, executors, last_seen_at)
      SELECT ${organizationId}::uuid, id, ${instance}, ${server}, name, status, coalesce(status_raw, status::text),
        current_job, coalesce(labels, '{}'), os, arch, executors, ${recordedAt}::timestamptz
      FROM json_populate_recordset(NULL::agents, ${toRecords(rows)}::json) ORDER BY name
      ON CONFLICT (organization_id, server, name) DO UPDATE SET
        current_job = CASE WHEN ${isLate} THEN t.current_job
          WHEN ${isSameJob} THEN coalesce(EXCLUDED.current_job, t.current_job) ELSE EXCLUDED.current_job END,
        labels = CASE WHEN EXCLUDED.labels = '{}' OR (${isLate} AND t.labels <> '{}') THEN t.labels
          ELSE EXCLUDED.labels END,
        ${laterOf(['instance', 'status', 'status_raw', 'os', 'arch', 'executors'], isLate)},
        last_seen_at = greatest(t.last_seen_at, EXCLUDED.last_seen_at)`,
  );
}

/**
 * With what is known by now of all agents of the server that were heard of within 24 hours: most reports name one of
 * them. Runners that live for one job leave thousands behind that nobody hears of again.
 */
async function writeSnapshot(tx: Queryable, id: string, report: Report): Promise<void> {
  const { organizationId, instance, server, recordedAt, agents, queueItems, queueLength } = report;
  const at = sql`${recordedAt}::timestamptz`;
  await query(
    tx,
    sql`INSERT INTO agent_snapshots (organization_id, id, instance, server, recorded_at, agents, queue_items,
        queue_length, busy_count, idle_count, offline_count)
      SELECT ${organizationId}::uuid, ${id}::uuid, ${instance}, ${server}, ${recordedAt}::timestamptz,
        ${agents}::jsonb, ${queueItems}::jsonb, ${queueLength}::int, count(*) FILTER (WHERE known = 'BUILDING'),
        count(*) FILTER (WHERE known = 'ONLINE'), count(*) FILTER (WHERE known = 'OFFLINE')
      FROM (SELECT ${agentStatusSql(at)} AS known FROM agents t
        WHERE t.organization_id = ${organizationId}::uuid AND t.server = ${server} AND ${isHeardOfSql(at)}) counted
      ON CONFLICT DO NOTHING`,
  );
}
