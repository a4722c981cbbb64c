import { type Queryable, query, sql } from '../db/sql.ts';

/** Has the analytics judge these tests anew, when and only if the transaction commits. */
export async function noteTestCases(
  tx: Queryable,
  organizationId: string,
  testCaseIds: readonly string[],
): Promise<void> {
  if (testCaseIds.length === 0) return;
  await query(
    tx,
    sql`INSERT INTO analytics_events (organization_id, kind, test_case_ids)
      VALUES (${organizationId}::uuid, 'TEST_CASES', ${testCaseIds}::text[])`,
  );
}
