import type { DisruptorType, FlakyState } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import { type ScoreWindow, scoreWindow } from '../domain/score-window.ts';
import {
  type Asked,
  during,
  inRepository,
  ofTestCaseContaining,
  oneOf,
  type RepositoryFilter,
  type TimeRange,
} from './conditions.ts';
import { type ScoreOrder, scoreKey } from './flaky-scores.ts';
import type { Listing, Ordering } from './listing.ts';
import { hasOwner } from './owners.ts';
import { areQuarantined } from './quarantines.ts';
import { hasTag } from './test-tags.ts';

export type FlakyTestFilter = Asked<
  RepositoryFilter & {
    state: readonly FlakyState[];
    disruptorType: readonly DisruptorType[];
    lastEvidenceAt: TimeRange;
    quarantined: boolean;
    tag: string;
    owner: string;
    text: string;
  }
>;

/** Flaky tests, those with the latest evidence first. */
export const flakyTests: Listing<
  'FlakyTest',
  FlakyTestFilter,
  'LAST_EVIDENCE_AT' | 'EVIDENCE_COUNT' | ScoreOrder
> = {
  model: 'FlakyTest',
  orderings: {
    LAST_EVIDENCE_AT: { key: sql`t.last_evidence_at`, type: 'timestamptz' },
    EVIDENCE_COUNT: { key: sql`t.evidence_count`, type: 'int' },
    DISRUPTIVENESS: byScore('DISRUPTIVENESS'),
    FLIP_RATE: byScore('FLIP_RATE'),
    FAILURE_RATE: byScore('FAILURE_RATE'),
    FLAKE_PROBABILITY: byScore('FLAKE_PROBABILITY'),
    DISRUPTION_COUNT: byScore('DISRUPTION_COUNT'),
    RESULT_TIME: byScore('RESULT_TIME'),
    TIME_LOST: byScore('TIME_LOST'),
    BUILDS_BROKEN: byScore('BUILDS_BROKEN'),
  },
  orderingIn: (field, window) =>
    field === 'LAST_EVIDENCE_AT' || field === 'EVIDENCE_COUNT' ? null : byScore(field, window),
  unique: [{ name: 'testCaseId', type: 'text' }],
  defaultOrder: { field: 'LAST_EVIDENCE_AT', direction: 'DESC' },
  everything: {},
  where: (filter): Sql[] => [
    ...inRepository(filter),
    ...oneOf('state', filter.state, 'flaky_state'),
    ...oneOf('disruptorType', filter.disruptorType, 'disruptor_type'),
    ...during(sql`t.last_evidence_at`, filter.lastEvidenceAt),
    ...areQuarantined(filter.quarantined),
    ...hasTag(filter.tag, sql`t.test_case_id`),
    ...hasOwner(filter.owner, sql`t.test_case_id`),
    ...ofTestCaseContaining(filter.text),
  ],
};

function byScore(order: ScoreOrder, window: ScoreWindow = scoreWindow(null)): Ordering {
  return { key: scoreKey(order, window), type: 'bigint' };
}

/** Evidence of one test, latest first. */
export const evidenceOfTest: Listing<'FlakyEvidence', Record<string, never>, 'LAST_AT'> = {
  model: 'FlakyEvidence',
  orderings: { LAST_AT: { key: sql`t.last_at`, type: 'timestamptz' } },
  unique: [{ name: 'key', type: 'text' }],
  defaultOrder: { field: 'LAST_AT', direction: 'DESC' },
  everything: {},
  where: (): Sql[] => [],
};
