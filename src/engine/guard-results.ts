import { hasFailed } from '../db/outcome-rules.ts';
import { type Queryable, query, sql, verbatim } from '../db/sql.ts';
import { findOutages } from './find-outages.ts';
import type { Taken } from './take-events.ts';
import { resultsOfUploads, suiteKey } from './uploads.ts';

/** A result whose guard was set or lifted. */
export interface GuardChange {
  readonly repositoryId: string;
  readonly testCaseId: string;
  readonly recordedAt: Date;
  readonly codeState: string | null;
}

const touch = sql`r.repository_id AS "repositoryId", r.test_case_id AS "testCaseId",
  r.recorded_at AS "recordedAt", r.code_state AS "codeState"`;

/**
 * Sees which failures are no evidence: those of cancelled builds, and those of a suite that otherwise passes and nearly
 * all of which failed in one upload. What somebody has excluded stays so. Gives the results that this changed.
 */
export async function guardResults(tx: Queryable, taken: Taken): Promise<GuardChange[]> {
  const cancelled = [...(await guardCancelled(tx, taken)), ...(await guardAnew(tx, taken))];
  const outages = await guardOutages(tx, taken, await findOutages(tx, taken));
  return [...cancelled, ...outages];
}

const guardOfBuild = verbatim(
  `CASE WHEN b.is_cancelled THEN 'CANCELLED_BUILD'::evidence_guard END`,
);

/** A result `r` that is not guarded as its build `b` says. */
const isGuardedOtherwise = sql`CASE WHEN b.is_cancelled THEN ${hasFailed('r')}
    AND coalesce(r.guard, 'INFRASTRUCTURE_OUTAGE') = 'INFRASTRUCTURE_OUTAGE'
  ELSE r.guard = 'CANCELLED_BUILD' END`;

/** The status of a build is looked at when it changes and when results come to it. */
function guardCancelled(
  tx: Queryable,
  { organizationId, ids, buildIds }: Taken,
): Promise<GuardChange[]> {
  const ofEvents = sql`SELECT e.build_id FROM analytics_events e
    WHERE e.organization_id = ${organizationId}::uuid AND e.id = ANY (${ids}::bigint[])
      AND e.kind IN ('RESULTS', 'CODE_STATES')`;
  return query<GuardChange>(
    tx,
    sql`UPDATE test_results r SET guard = ${guardOfBuild}
      FROM (SELECT id, status = 'ABORTED' AS is_cancelled FROM builds WHERE organization_id = ${organizationId}::uuid
        AND (id = ANY (${buildIds}::uuid[]) OR status = 'ABORTED' AND id IN (${ofEvents}))) b
      WHERE r.organization_id = ${organizationId}::uuid AND r.build_id = b.id AND ${isGuardedOtherwise}
      RETURNING ${touch}`,
  );
}

/** The same for all failures of the tests that are worked out anew. */
async function guardAnew(
  tx: Queryable,
  { organizationId, testCaseIds }: Taken,
): Promise<GuardChange[]> {
  if (testCaseIds.length === 0) return [];
  return query<GuardChange>(
    tx,
    sql`UPDATE test_results r SET guard = ${guardOfBuild}
      FROM (SELECT f.recorded_at, f.id, b.status = 'ABORTED' AS is_cancelled FROM test_results f
        JOIN builds b ON b.organization_id = ${organizationId}::uuid AND b.id = f.build_id
        WHERE f.organization_id = ${organizationId}::uuid AND f.test_case_id = ANY (${testCaseIds}::text[])
          AND ${hasFailed('f')}) b
      WHERE r.organization_id = ${organizationId}::uuid AND r.recorded_at = b.recorded_at AND r.id = b.id AND ${isGuardedOtherwise}
      RETURNING ${touch}`,
  );
}

async function guardOutages(
  tx: Queryable,
  { organizationId }: Taken,
  uploads: readonly string[],
): Promise<GuardChange[]> {
  if (uploads.length === 0) return [];
  return query<GuardChange>(
    tx,
    sql`UPDATE test_results r SET guard = CASE WHEN f.is_outage THEN 'INFRASTRUCTURE_OUTAGE'::evidence_guard END
      FROM (SELECT u.recorded_at, u.id, u.guard, o.upload IS NOT NULL AS is_outage
        FROM (${resultsOfUploads(organizationId, uploads)}) u
        JOIN test_cases c ON c.organization_id = ${organizationId}::uuid AND c.id = u.test_case_id
        LEFT JOIN suite_outages o ON o.organization_id = ${organizationId}::uuid AND o.upload = u.upload
          AND o.suite_key = ${suiteKey} AND o.is_outage
        WHERE ${hasFailed('u')}) f
      WHERE r.organization_id = ${organizationId}::uuid AND r.recorded_at = f.recorded_at AND r.id = f.id
        AND CASE WHEN f.is_outage THEN f.guard IS NULL ELSE f.guard = 'INFRASTRUCTURE_OUTAGE' END
      RETURNING ${touch}`,
  );
}
