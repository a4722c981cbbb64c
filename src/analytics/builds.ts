import { canonicalSource } from '../domain/ci-source.ts';
import type { BuildStatus } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import {
  type Asked,
  contains,
  during,
  equals,
  inRepository,
  oneOf,
  type RepositoryFilter,
  type TimeRange,
} from './conditions.ts';
import type { Listing } from './listing.ts';

export type BuildFilter = Asked<
  RepositoryFilter & {
    branch: readonly string[];
    commitSha: string;
    status: readonly BuildStatus[];
    jobName: readonly string[];
    source: readonly string[];
    cause: readonly string[];
    externalRunId: string;
    pullRequest: number;
    startedAt: TimeRange;
    text: string;
  }
>;

/** A queued build, which has no start yet, stands where it was first seen. */
const startedAt = sql`coalesce(t.started_at, t.recorded_at)`;

/** Builds, those started last first. A build without a duration or number counts as -1. */
export const builds: Listing<'Build', BuildFilter, 'STARTED_AT' | 'DURATION' | 'NUMBER'> = {
  model: 'Build',
  orderings: {
    STARTED_AT: { key: startedAt, type: 'timestamptz' },
    DURATION: { key: sql`coalesce(t.duration_ms, -1)`, type: 'bigint' },
    NUMBER: { key: sql`coalesce(t.number, -1)`, type: 'bigint' },
  },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'STARTED_AT', direction: 'DESC' },
  everything: {},
  where: (filter): Sql[] => [
    ...inRepository(filter),
    ...oneOf('branch', filter.branch),
    ...equals('commitSha', filter.commitSha),
    ...oneOf('status', filter.status, 'build_status'),
    ...oneOf('jobName', filter.jobName),
    ...oneOf('source', filter.source?.map(canonicalSource)),
    ...oneOf('cause', filter.cause),
    ...equals('externalRunId', filter.externalRunId),
    ...equals('pullRequest', filter.pullRequest, 'bigint'),
    ...during(startedAt, filter.startedAt),
    ...contains(
      sql`(t.job_name || ' ' || coalesce(t.branch, '') || ' ' || coalesce(t.commit_sha, ''))`,
      filter.text,
    ),
  ],
};
