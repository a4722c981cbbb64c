import { type Sql, sql } from '../db/sql.ts';
import type { AgentStatus } from '../db/generated/prisma/enums.ts';
import {
  type Asked,
  during,
  equals,
  inRepository,
  oneOf,
  type RepositoryFilter,
  type TimeRange,
} from './conditions.ts';
import type { Listing } from './listing.ts';

export type AgentFilter = Asked<{ status: readonly AgentStatus[]; instance: string }>;

/** CI agents, those heard of last first. */
export const agents: Listing<'Agent', AgentFilter, 'LAST_SEEN_AT'> = {
  model: 'Agent',
  orderings: { LAST_SEEN_AT: { key: sql`t.last_seen_at`, type: 'timestamptz' } },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'LAST_SEEN_AT', direction: 'DESC' },
  everything: {},
  where: (filter): Sql[] => [
    ...oneOf('status', filter.status, 'agent_status'),
    ...equals('instance', filter.instance),
  ],
};

export type ReportFilter = Asked<RepositoryFilter & { recordedAt: TimeRange }>;

const newestFirst = {
  orderings: { RECORDED_AT: { key: sql`t.recorded_at`, type: 'timestamptz' } },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'RECORDED_AT', direction: 'DESC' },
  everything: {},
  where: (filter: ReportFilter): Sql[] => [
    ...inRepository(filter),
    ...during(sql`t.recorded_at`, filter.recordedAt),
  ],
} as const;

/** Coverage reports, newest first. */
export const coverageReports: Listing<'CoverageReport', ReportFilter, 'RECORDED_AT'> = {
  ...newestFirst,
  model: 'CoverageReport',
};

/** Security reports, newest first. */
export const securityReports: Listing<'SecurityReport', ReportFilter, 'RECORDED_AT'> = {
  ...newestFirst,
  model: 'SecurityReport',
};
