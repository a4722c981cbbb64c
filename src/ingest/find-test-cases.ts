import type { TestCase } from '../db/generated/prisma/client.ts';
import { lockNames } from '../db/lock.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import { identityLock } from './lock-order.ts';

/** Waits until nobody writes results of the repository or merges its test cases, until the transaction ends. */
export async function holdIdentities(
  tx: Queryable,
  { organizationId, repositoryId }: Pick<TestCase, 'organizationId' | 'repositoryId'>,
): Promise<void> {
  await lockNames(tx, [identityLock(organizationId, repositoryId)]);
}

/** Gives the test cases that this one was merged into, the last of which its results count for; none if it was not. */
export async function mergedInto(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<string[]> {
  const chain = await query<{ target: string }>(
    tx,
    sql`WITH RECURSIVE chain (target, step) AS (
        SELECT test_case_id, 1 FROM test_case_aliases
        WHERE organization_id = ${organizationId}::uuid AND alias_id = ${id}
        UNION ALL
        SELECT a.test_case_id, chain.step + 1 FROM chain JOIN test_case_aliases a
          ON a.organization_id = ${organizationId}::uuid AND a.alias_id = chain.target)
      SELECT target FROM chain ORDER BY step`,
  );
  return chain.map(({ target }) => target);
}

/** Gives the test cases that were merged into this one, and into those, in no order. */
export async function mergedBelow(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<string[]> {
  const below = await query<{ alias: string }>(
    tx,
    sql`WITH RECURSIVE below (alias) AS (
        SELECT alias_id FROM test_case_aliases
        WHERE organization_id = ${organizationId}::uuid AND test_case_id = ${id}
        UNION ALL
        SELECT a.alias_id FROM below JOIN test_case_aliases a
          ON a.organization_id = ${organizationId}::uuid AND a.test_case_id = below.alias)
      SELECT alias FROM below`,
  );
  return below.map(({ alias }) => alias);
}
