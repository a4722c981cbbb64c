import type { AgentStatus } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import { agentStatusSql } from '../domain/agent-ageing.ts';
import { type Asked, contains, equals } from './conditions.ts';
import type { Listing } from './listing.ts';

export type AgentFilter = Asked<{
  status: readonly AgentStatus[];
  server: string;
  instance: string;
  labels: readonly string[];
  os: readonly string[];
  text: string;
}>;

/** CI agents, those heard of last first. */
export const agents: Listing<'Agent', AgentFilter, 'LAST_SEEN_AT'> = {
  model: 'Agent',
  orderings: { LAST_SEEN_AT: { key: sql`t.last_seen_at`, type: 'timestamptz' } },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'LAST_SEEN_AT', direction: 'DESC' },
  everything: {},
  where: ({ status, server, instance, labels, os, text }): Sql[] => [
    ...(status == null
      ? []
      : [sql`${agentStatusSql(sql`now()`)} = ANY (${status}::agent_status[])`]),
    ...equals('server', server),
    ...equals('instance', instance),
    ...(labels == null ? [] : [sql`t.labels @> ${labels}::text[]`]),
    ...(os == null
      ? []
      : [sql`lower(t.os) = ANY (${os.map((word) => word.toLowerCase())}::text[])`]),
    ...contains(sql`(t.name || ' ' || coalesce(t.current_job, ''))`, text),
  ],
};
