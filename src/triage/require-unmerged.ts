import { mergeRoutes } from '../db/merge-routes.ts';
import { type Queryable, sql } from '../db/sql.ts';
import { ConflictError } from '../errors.ts';

/**
 * Decisions are about tests that have results.
 *
 * @throws {ConflictError} for a test case that was merged, naming the one that its results count for
 */
export async function requireUnmerged(
  tx: Queryable,
  organizationId: string,
  testCaseIds: readonly string[],
): Promise<void> {
  const asked = sql`(SELECT unnest(${testCaseIds}::text[]) AS id) said`;
  const [route] = await mergeRoutes(tx, organizationId, asked);
  if (route === undefined) return;
  throw new ConflictError(
    `test case ${route.alias} is merged into ${route.target}: name that one, or unmerge it`,
  );
}
