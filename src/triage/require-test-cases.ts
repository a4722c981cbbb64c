import { fieldsOf, selectList } from '../db/columns.ts';
import type { TestCase } from '../db/generated/prisma/client.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import { NotFoundError } from '../errors.ts';

/**
 * Gives the test cases, in the order of the ids, and holds them until the transaction ends: two decisions about one
 * test come one after the other.
 *
 * @throws {NotFoundError} if one is not there
 */
export async function requireTestCases(
  tx: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<TestCase[]> {
  const found = await query<TestCase>(
    tx,
    sql`SELECT ${selectList(fieldsOf('TestCase'))} FROM test_cases t
      WHERE t.organization_id = ${organizationId}::uuid AND t.id = ANY (${ids}::text[])
      ORDER BY t.id FOR NO KEY UPDATE`,
  );
  const byId = new Map(found.map((testCase) => [testCase.id, testCase]));
  return ids.map((id) => {
    const testCase = byId.get(id);
    if (testCase === undefined) throw new NotFoundError(`there is no test case ${id}`);
    return testCase;
  });
}

/**
 * Gives one test case, held until the transaction ends.
 *
 * @throws {NotFoundError} if it is not there
 */
export async function requireTestCase(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<TestCase> {
  const [testCase] = await requireTestCases(tx, organizationId, [id]);
  if (testCase === undefined) throw new Error('a test case that was found has gone');
  return testCase;
}
