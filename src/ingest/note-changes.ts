import { type Queryable, query, sql } from '../db/sql.ts';

/** Results of one event at most: what the analytics works on at once. */
export const mostOfEvent = 10_000;

/** Lets the analytics work out anew all that it holds of these tests. */
export async function noteTestCases(
  tx: Queryable,
  organizationId: string,
  testCaseIds: readonly string[],
): Promise<void> {
  await query(
    tx,
    sql`INSERT INTO analytics_events (organization_id, kind, test_case_ids)
      VALUES (${organizationId}::uuid, 'TEST_CASES', ${testCaseIds}::text[])`,
  );
}

/** Lets the analytics see that a build was cancelled, or is no longer. */
export async function noteBuildGuard(
  tx: Queryable,
  organizationId: string,
  buildId: string,
): Promise<void> {
  await query(
    tx,
    sql`INSERT INTO analytics_events (organization_id, kind, build_id)
      VALUES (${organizationId}::uuid, 'BUILD_GUARD', ${buildId}::uuid)`,
  );
}
