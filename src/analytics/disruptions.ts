import type { EvidenceKind } from '../db/generated/prisma/enums.ts';
import { isCertain } from '../db/outcome-rules.ts';
import { type Sql, sql } from '../db/sql.ts';
import { type Asked, during, equals, oneOf, type TimeRange } from './conditions.ts';
import type { Listing } from './listing.ts';
import type { Derivation } from './page-request.ts';

export type DisruptionFilter = Asked<{
  kind: readonly EvidenceKind[];
  commitSha: string;
  recordedAt: TimeRange;
}>;

/** Failures of one test that were no fault of the code, latest first. */
export const disruptionsOfTest: Listing<'Disruption', DisruptionFilter, 'RECORDED_AT'> = {
  model: 'Disruption',
  orderings: { RECORDED_AT: { key: sql`t.recorded_at`, type: 'timestamptz' } },
  unique: [{ name: 'resultId', type: 'text' }],
  defaultOrder: { field: 'RECORDED_AT', direction: 'DESC' },
  everything: {},
  where: ({ kind, commitSha, recordedAt }): Sql[] => [
    ...oneOf('kind', kind, 'evidence_kind'),
    ...equals('commitSha', commitSha),
    ...during(sql`t.recorded_at`, recordedAt),
  ],
};

/**
 * The id of the latest failure of a test on a code state, or in a run, in which it passed as well (Contract:
 * buildpulse.md 6, latest nondeterministic negative result): a scalar subquery.
 */
export const latestNegativeResult: Derivation = (organizationId, testCaseId) =>
  sql`(SELECT x.result_id FROM disruptions x
    WHERE x.organization_id = ${organizationId}::uuid AND x.test_case_id = ${testCaseId} AND ${isCertain('x')}
    ORDER BY x.recorded_at DESC, x.result_id DESC LIMIT 1)`;

/**
 * The id of the latest pass of a test in such a state (the same, positive result): a scalar subquery. Ids sort by the
 * second; within one the greater id counts as later.
 */
export const latestPositiveResult: Derivation = (organizationId, testCaseId) =>
  sql`(SELECT max(e.passed_result_id) FROM flaky_evidence e
    WHERE e.organization_id = ${organizationId}::uuid AND e.test_case_id = ${testCaseId} AND ${isCertain('e')})`;
