import type { SubmissionKind, SubmissionStatus } from '../db/generated/prisma/enums.ts';
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

export type SubmissionFilter = Asked<
  RepositoryFilter & {
    branch: readonly string[];
    commitSha: string;
    kind: readonly SubmissionKind[];
    status: readonly SubmissionStatus[];
    source: readonly string[];
    buildUrl: string;
    recordedAt: TimeRange;
    text: string;
  }
>;

/** Submissions, newest first. */
export const submissions: Listing<
  'Submission',
  SubmissionFilter,
  'RECORDED_AT' | 'TEST_RESULT_COUNT'
> = {
  model: 'Submission',
  orderings: {
    RECORDED_AT: { key: sql`t.recorded_at`, type: 'timestamptz' },
    TEST_RESULT_COUNT: { key: sql`t.test_result_count`, type: 'bigint' },
  },
  unique: [{ name: 'id', type: 'text' }],
  defaultOrder: { field: 'RECORDED_AT', direction: 'DESC' },
  everything: {},
  where: (filter): Sql[] => [
    ...inRepository(filter),
    ...oneOf('branch', filter.branch),
    ...equals('commitSha', filter.commitSha),
    ...oneOf('kind', filter.kind, 'submission_kind'),
    ...oneOf('status', filter.status, 'submission_status'),
    ...oneOf('source', filter.source),
    ...equals('buildUrl', filter.buildUrl),
    ...during(sql`t.recorded_at`, filter.recordedAt),
    ...contains(sql`t.key`, filter.text),
  ],
};
