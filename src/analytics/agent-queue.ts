import type { ServiceContext } from '../context.ts';
import { sql } from '../db/sql.ts';
import { heardForMs } from '../domain/agent-ageing.ts';
import { agentServer } from '../domain/agent-server.ts';
import { ValidationError } from '../errors.ts';
import { fieldOf, isObject, textOf } from '../formats/json-values.ts';

/** A job that waits for an agent. */
export interface QueueItem {
  readonly jobName: string | null;
  readonly queuedSince: Date | null;
  readonly waitTimeMs: number | null;
  readonly reason: string | null;
  /** As it was sent; null when that is no object. */
  readonly raw: object | null;
}

export interface AgentQueue {
  readonly server: string;
  readonly recordedAt: Date;
  /** Number of all items, also of those that are not given. */
  readonly length: number;
  readonly items: readonly QueueItem[];
}

export interface AgentQueueQuestion {
  /** Host of the CI server, or the server as clients call it. */
  readonly server: string;
  /** How many items to give, 0 to 1,000. */
  readonly first: number;
}

const mostItems = 1_000;

/**
 * Gives the queue of a CI server as it was reported last; null when that is more than 24 hours ago
 * (Contract: buildbutler.md 7.4).
 *
 * @throws {ValidationError} for a `first` below 0 or above 1,000
 */
export async function agentQueue(
  { db, tenant, now }: ServiceContext,
  { server, first }: AgentQueueQuestion,
): Promise<AgentQueue | null> {
  if (first < 0 || first > mostItems) {
    const message = `must be from 0 to ${String(mostItems)}, not ${String(first)}`;
    throw new ValidationError([{ path: ['first'], message }]);
  }
  const [found] = await db.read<Omit<AgentQueue, 'items'> & { readonly items: unknown[] }>(
    sql`SELECT server, recorded_at AS "recordedAt", queue_length AS length, queue_items AS items
      FROM agent_snapshots
      WHERE organization_id = ${tenant.organizationId}::uuid AND server = ${agentServer(server)}
        AND recorded_at > ${new Date(now().getTime() - heardForMs)}::timestamptz AND queue_items IS NOT NULL
      ORDER BY recorded_at DESC, id DESC LIMIT 1`,
  );
  if (found === undefined) return null;
  const items = found.items.slice(0, first).map((item) => toQueueItem(item, found.recordedAt));
  return { ...found, items };
}

/** Jenkins' own words are read too: clients send what its API gives them. */
function toQueueItem(item: unknown, recordedAt: Date): QueueItem {
  const queuedSince = toInstant(fieldOf(item, 'queuedSince') ?? fieldOf(item, 'inQueueSince'));
  const waited = Number(fieldOf(item, 'waitTime') ?? Number.NaN);
  const since = queuedSince === null ? Number.NaN : recordedAt.getTime() - queuedSince.getTime();
  return {
    jobName: textOf(item, 'jobName') || textOf(fieldOf(item, 'task'), 'name') || null,
    queuedSince,
    waitTimeMs: toWait(waited) ?? toWait(since),
    reason: textOf(item, 'reason') || textOf(item, 'why') || null,
    raw: isObject(item) ? item : null,
  };
}

function toWait(ms: number): number | null {
  const rounded = Math.round(ms);
  return Number.isSafeInteger(rounded) && rounded >= 0 ? rounded : null;
}

/** ISO 8601, or milliseconds since 1970 as a number or in digits. */
function toInstant(said: unknown): Date | null {
  if (typeof said !== 'string' && typeof said !== 'number') return null;
  const isCount = typeof said === 'number' || /^\d+$/.test(said);
  const at = new Date(isCount ? Number(said) : said);
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9999 || at.getTime() < 0 ? null : at;
}
