import { canonicalSource } from '../domain/ci-source.ts';
import type { StageStatus } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import {
  type Asked,
  contains,
  during,
  inRepository,
  ofBuild,
  oneOf,
  type RepositoryFilter,
  type TimeRange,
} from './conditions.ts';
import type { Listing } from './listing.ts';

export type StageFilter = Asked<
  RepositoryFilter & {
    branch: readonly string[];
    commitSha: string;
    jobName: readonly string[];
    source: readonly string[];
    status: readonly StageStatus[];
    name: readonly string[];
    recordedAt: TimeRange;
    text: string;
  }
>;

const shared = {
  model: 'Stage',
  unique: [
    { name: 'buildId', type: 'uuid' },
    { name: 'order', type: 'int' },
    { name: 'key', type: 'text' },
  ],
  everything: {},
  where: (filter: StageFilter): Sql[] => [
    ...inRepository(filter),
    ...oneOf('status', filter.status, 'stage_status'),
    ...oneOf('name', filter.name),
    ...during(sql`t.recorded_at`, filter.recordedAt),
    ...contains(sql`t.name`, filter.text),
    ...ofBuild([
      ...(filter.branch == null ? [] : [sql`b.branch = ANY (${filter.branch}::text[])`]),
      ...(filter.commitSha == null ? [] : [sql`b.commit_sha = ${filter.commitSha}`]),
      ...(filter.jobName == null ? [] : [sql`b.job_name = ANY (${filter.jobName}::text[])`]),
      ...(filter.source == null
        ? []
        : [sql`b.source = ANY (${filter.source.map(canonicalSource)}::text[])`]),
    ]),
  ],
} as const;

const duration = { key: sql`coalesce(t.duration_ms, -1)`, type: 'bigint' } as const;

/** Stages of many builds, those of the latest builds first. */
export const stages: Listing<'Stage', StageFilter, 'RECORDED_AT' | 'DURATION'> = {
  ...shared,
  orderings: { RECORDED_AT: { key: sql`t.recorded_at`, type: 'timestamptz' }, DURATION: duration },
  defaultOrder: { field: 'RECORDED_AT', direction: 'DESC' },
};

/** Stages of one build, in their order. */
export const stagesOfBuild: Listing<'Stage', StageFilter, 'ORDER' | 'DURATION'> = {
  ...shared,
  orderings: { ORDER: { key: sql`t.stage_order`, type: 'int' }, DURATION: duration },
  defaultOrder: { field: 'ORDER', direction: 'ASC' },
};
