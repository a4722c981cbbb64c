import type { QuarantineMode } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import {
  type Asked,
  equals,
  inRepository,
  ofTestCaseContaining,
  oneOf,
  type RepositoryFilter,
} from './conditions.ts';
import type { Listing } from './listing.ts';

export type QuarantineFilter = Asked<
  RepositoryFilter & {
    mode: readonly QuarantineMode[];
    isAutomatic: boolean;
    owner: string;
    text: string;
  }
>;

/** What was decided about the quarantine of tests, the latest first; what is over is not there. */
export const quarantines: Listing<'Quarantine', QuarantineFilter, 'SINCE'> = {
  model: 'Quarantine',
  orderings: { SINCE: { key: sql`t.since`, type: 'timestamptz' } },
  unique: [{ name: 'testCaseId', type: 'text' }],
  defaultOrder: { field: 'SINCE', direction: 'DESC' },
  everything: {},
  where: (filter): Sql[] => [
    ...inRepository(filter),
    ...oneOf('mode', filter.mode, 'quarantine_mode'),
    ...equals('isAutomatic', filter.isAutomatic, 'boolean'),
    ...equals('owner', filter.owner),
    ...ofTestCaseContaining(filter.text),
  ],
};

const inQuarantine = sql`EXISTS (SELECT FROM live_quarantines q
  WHERE q.organization_id = t.organization_id AND q.test_case_id = t.test_case_id AND q.mode <> 'NEVER')`;

/** The test that the row belongs to is in quarantine now, or is not. */
export function areQuarantined(asked: boolean | null | undefined): Sql[] {
  if (asked == null) return [];
  return [asked ? inQuarantine : sql`NOT ${inQuarantine}`];
}

/** What was done about the quarantine of one test, the latest first. */
export const quarantineEventsOfTest: Listing<'QuarantineEvent', Record<string, never>, 'AT'> = {
  model: 'QuarantineEvent',
  orderings: { AT: { key: sql`t.at`, type: 'timestamptz' } },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'AT', direction: 'DESC' },
  everything: {},
  where: (): Sql[] => [],
};
