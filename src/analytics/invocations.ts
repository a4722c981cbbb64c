import type { InvocationStatus } from '../db/generated/prisma/enums.ts';
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

export type InvocationFilter = Asked<
  RepositoryFilter & {
    branch: readonly string[];
    commitSha: string;
    command: readonly string[];
    status: readonly InvocationStatus[];
    success: boolean;
    user: string;
    role: string;
    recordedAt: TimeRange;
    text: string;
  }
>;

/** Bazel invocations, newest first. One that has not finished has the duration -1. */
export const invocations: Listing<'Invocation', InvocationFilter, 'RECORDED_AT' | 'DURATION'> = {
  model: 'Invocation',
  orderings: {
    RECORDED_AT: { key: sql`t.recorded_at`, type: 'timestamptz' },
    DURATION: { key: sql`coalesce(t.duration_us, -1)`, type: 'bigint' },
  },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'RECORDED_AT', direction: 'DESC' },
  everything: {},
  where: (filter): Sql[] => [
    ...inRepository(filter),
    ...oneOf('branch', filter.branch),
    ...equals('commitSha', filter.commitSha),
    ...oneOf('command', filter.command),
    ...oneOf('status', filter.status, 'invocation_status'),
    ...equals('success', filter.success, 'boolean'),
    ...equals('user', filter.user),
    ...equals('role', filter.role),
    ...during(sql`t.recorded_at`, filter.recordedAt),
    ...contains(sql`array_to_string(t.patterns, ' ')`, filter.text),
  ],
};
