import { NotFoundError } from '../errors.ts';
import { fieldsOf, selectList } from './columns.ts';
import type { Repository, TestCase } from './generated/prisma/client.ts';
import { empty, type Queryable, query, sql } from './sql.ts';

interface RequireOptions {
  /** Until the transaction ends nobody else changes them: two decisions about one row come one after the other. */
  readonly hold?: boolean;
}

/**
 * Gives the test cases, in the order of the ids.
 *
 * @throws {NotFoundError} if the organization has one of them not
 */
export async function requireTestCases(
  tx: Queryable,
  organizationId: string,
  ids: readonly string[],
  { hold = false }: RequireOptions = {},
): Promise<TestCase[]> {
  const found = await query<TestCase>(
    tx,
    sql`SELECT ${selectList(fieldsOf('TestCase'))} FROM test_cases t
      WHERE t.organization_id = ${organizationId}::uuid AND t.id = ANY (${ids}::text[])
      ORDER BY t.id ${hold ? sql`FOR NO KEY UPDATE` : empty}`,
  );
  const byId = new Map(found.map((testCase) => [testCase.id, testCase]));
  return ids.map((id) => {
    const testCase = byId.get(id);
    if (testCase === undefined) throw new NotFoundError(`there is no test case ${id}`);
    return testCase;
  });
}

/**
 * Gives the repository.
 *
 * @throws {NotFoundError} if the organization has none with this id
 */
export async function requireRepository(
  tx: Queryable,
  organizationId: string,
  id: string,
  { hold = false }: RequireOptions = {},
): Promise<Repository> {
  const [repository] = await query<Repository>(
    tx,
    sql`SELECT ${selectList(fieldsOf('Repository'))} FROM repositories t
      WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${id}::uuid ${hold ? sql`FOR NO KEY UPDATE` : empty}`,
  );
  if (repository === undefined) throw new NotFoundError(`there is no repository ${id}`);
  return repository;
}
