import { type Sql, sql } from '../db/sql.ts';
import { ownerKey } from '../domain/codeowners-words.ts';

/** Who owns the file of a test case now, in the order of the CODEOWNERS file: JSON, a scalar subquery. */
export function ownersOf(organizationId: string, testCaseId: Sql): Sql {
  return sql`(SELECT coalesce(json_agg(o.owner ORDER BY o.position), '[]') FROM test_owners o
    WHERE o.organization_id = ${organizationId}::uuid AND o.test_case_id = ${testCaseId})`;
}

/** The owner owns the test now, in any letter case; `testCaseId` is a column of `t`. */
export function hasOwner(owner: string | null | undefined, testCaseId: Sql): Sql[] {
  if (owner == null) return [];
  return [
    sql`EXISTS (SELECT FROM test_owners o WHERE o.organization_id = t.organization_id
      AND o.test_case_id = ${testCaseId} AND o.key = ${ownerKey(owner)})`,
  ];
}
