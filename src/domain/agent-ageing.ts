import type { Agent } from '../db/generated/prisma/client.ts';
import type { AgentStatus } from '../db/generated/prisma/enums.ts';
import { type Sql, sql, verbatim } from '../db/sql.ts';

const hourMs = 3_600_000;

/** As long as a job on a hosted GitHub runner may take: whoever builds longer has to say so again. */
export const buildingForMs = 6 * hourMs;

/** Runners report when they have a job, and most have one on a working day. */
export const heardForMs = 24 * hourMs;

/**
 * Gives what an agent does as far as is known at a time: OFFLINE when it was not heard of for 24 hours, UNKNOWN when it
 * was said to build more than 6 hours before, else what was reported (Contract: buildbutler.md 7.4).
 */
export function agentStatusAt(
  { status, lastSeenAt }: Pick<Agent, 'status' | 'lastSeenAt'>,
  at: Date,
): AgentStatus {
  const ageMs = at.getTime() - lastSeenAt.getTime();
  if (ageMs > heardForMs) return 'OFFLINE';
  return status === 'BUILDING' && ageMs > buildingForMs ? 'UNKNOWN' : status;
}

/** The same in SQL, of the agent under the alias `t`. */
export function agentStatusSql(at: Sql): Sql {
  return sql`CASE WHEN t.last_seen_at < ${before(at, heardForMs)} THEN 'OFFLINE'::agent_status
    WHEN t.status = 'BUILDING' AND t.last_seen_at < ${before(at, buildingForMs)}
      THEN 'UNKNOWN'::agent_status
    ELSE t.status END`;
}

/** Whether the agent under the alias `t` was heard of within 24 hours. */
export function isHeardOfSql(at: Sql): Sql {
  return sql`t.last_seen_at >= ${before(at, heardForMs)}`;
}

function before(at: Sql, ms: number): Sql {
  return sql`${at} - ${verbatim(`interval '${String(ms / 1000)} seconds'`)}`;
}
