import { type Sql, sql } from '../db/sql.ts';
import {
  type Asked,
  during,
  inRepository,
  type RepositoryFilter,
  type TimeRange,
} from './conditions.ts';
import type { Listing } from './listing.ts';

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
