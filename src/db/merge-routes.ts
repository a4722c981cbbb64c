import { type Queryable, query, type Sql, sql } from './sql.ts';

/** From a test case that was merged to the one that its results count for. */
export interface MergeRoute {
  readonly alias: string;
  readonly target: string;
}

/**
 * Gives the routes of those of the test cases that were merged. One may have been merged into a test case that was
 * merged itself since: the last of them counts.
 *
 * @param testCases rows `said` with an `id`
 */
export async function mergeRoutes(
  tx: Queryable,
  organizationId: string,
  testCases: Sql,
): Promise<MergeRoute[]> {
  return query<MergeRoute>(
    tx,
    sql`WITH RECURSIVE route (alias, target) AS (
        SELECT alias_id, test_case_id FROM test_case_aliases
        WHERE organization_id = ${organizationId}::uuid AND alias_id IN (SELECT said.id FROM ${testCases})
        UNION ALL
        SELECT r.alias, a.test_case_id FROM route r JOIN test_case_aliases a
          ON a.organization_id = ${organizationId}::uuid AND a.alias_id = r.target)
      SELECT alias, target FROM route r WHERE NOT EXISTS (
        SELECT FROM test_case_aliases a WHERE a.organization_id = ${organizationId}::uuid AND a.alias_id = r.target)`,
  );
}
