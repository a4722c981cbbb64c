import type { TestStatus } from '../db/generated/prisma/enums.ts';
import { hasFailed } from '../db/outcome-rules.ts';
import { type Sql, sql } from '../db/sql.ts';
import {
  type Asked,
  during,
  equals,
  inRepository,
  ofBuild,
  ofTestCaseContaining,
  oneOf,
  type RepositoryFilter,
  type TimeRange,
} from './conditions.ts';
import type { Listing } from './listing.ts';

export type TestResultFilter = Asked<
  RepositoryFilter & {
    branch: readonly string[];
    commitSha: string;
    codeState: string;
    status: readonly TestStatus[];
    jobName: readonly string[];
    source: readonly string[];
    recordedAt: TimeRange;
    text: string;
  }
>;

const failing = new Set<TestStatus>(['FAILED', 'ERRORED']);

/** Attempts, newest first. One without a duration counts as -1. */
export const testResults: Listing<'TestResult', TestResultFilter, 'RECORDED_AT' | 'DURATION'> = {
  model: 'TestResult',
  orderings: {
    RECORDED_AT: { key: sql`t.recorded_at`, type: 'timestamptz' },
    DURATION: { key: sql`coalesce(t.duration_us, -1)`, type: 'bigint' },
  },
  unique: [{ name: 'id', type: 'text' }],
  defaultOrder: { field: 'RECORDED_AT', direction: 'DESC' },
  everything: {},
  where: (filter): Sql[] => [
    ...inRepository(filter),
    ...oneOf('branch', filter.branch),
    ...equals('commitSha', filter.commitSha),
    ...equals('codeState', filter.codeState),
    ...oneOf('status', filter.status, 'test_status'),
    // Says to the planner, in the words of the partial index, that only failures are asked for.
    ...(filter.status?.every((status) => failing.has(status)) ? [hasFailed('t')] : []),
    ...during(sql`t.recorded_at`, filter.recordedAt),
    ...ofTestCaseContaining(filter.text),
    ...ofBuild([
      ...(filter.jobName == null ? [] : [sql`b.job_name = ANY (${filter.jobName}::text[])`]),
      ...(filter.source == null ? [] : [sql`b.source = ANY (${filter.source}::text[])`]),
    ]),
  ],
};
