import type { FlakyState } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import {
  type Asked,
  during,
  inRepository,
  ofTestCaseContaining,
  oneOf,
  type RepositoryFilter,
  type TimeRange,
} from './conditions.ts';
import type { Listing } from './listing.ts';
import { areQuarantined } from './quarantines.ts';
import { hasTag } from './test-tags.ts';

export type FlakyTestFilter = Asked<
  RepositoryFilter & {
    state: readonly FlakyState[];
    lastEvidenceAt: TimeRange;
    quarantined: boolean;
    tag: string;
    text: string;
  }
>;

/** Flaky tests, those with the latest evidence first. */
export const flakyTests: Listing<
  'FlakyTest',
  FlakyTestFilter,
  'LAST_EVIDENCE_AT' | 'EVIDENCE_COUNT'
> = {
  model: 'FlakyTest',
  orderings: {
    LAST_EVIDENCE_AT: { key: sql`t.last_evidence_at`, type: 'timestamptz' },
    EVIDENCE_COUNT: { key: sql`t.evidence_count`, type: 'int' },
  },
  unique: [{ name: 'testCaseId', type: 'text' }],
  defaultOrder: { field: 'LAST_EVIDENCE_AT', direction: 'DESC' },
  everything: {},
  where: (filter): Sql[] => [
    ...inRepository(filter),
    ...oneOf('state', filter.state, 'flaky_state'),
    ...during(sql`t.last_evidence_at`, filter.lastEvidenceAt),
    ...areQuarantined(filter.quarantined),
    ...hasTag(filter.tag, sql`t.test_case_id`),
    ...ofTestCaseContaining(filter.text),
  ],
};

/** Evidence of one test, latest first. */
export const evidenceOfTest: Listing<'FlakyEvidence', Record<string, never>, 'LAST_AT'> = {
  model: 'FlakyEvidence',
  orderings: { LAST_AT: { key: sql`t.last_at`, type: 'timestamptz' } },
  unique: [{ name: 'key', type: 'text' }],
  defaultOrder: { field: 'LAST_AT', direction: 'DESC' },
  everything: {},
  where: (): Sql[] => [],
};
