import type { ServiceContext } from '../context.ts';
import type { TestCase } from '../db/generated/prisma/client.ts';
import { requireTestCases } from '../db/require-rows.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { parseInput } from '../domain/parse-input.ts';
import { mostTags, tagKey } from '../domain/tags.ts';
import { ValidationError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { actorName } from './actor-name.ts';
import { requireUnmerged } from './require-unmerged.ts';
import { TagTestInput } from './tag-input.ts';

/**
 * Puts tags on tests, and gives the tests. A tag that a test has, in any letter case, stays as it was first written.
 *
 * @throws {ConflictError} if one of the test cases was merged into another one
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if one of the test cases is not there
 * @throws {ValidationError} for tags that are empty or too long, or more than a test may have
 */
export async function tagTest(ctx: ServiceContext, input: TagTestInput): Promise<TestCase[]> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { testCaseIds, tags } = parseInput(TagTestInput, input);
  const { organizationId } = ctx.tenant;
  const ids = [...new Set(testCaseIds)];
  // The first spelling wins: of what is said twice, the one that is said first.
  const byKey = new Map([...tags].reverse().map((tag) => [tagKey(tag), tag]));

  return inTransaction(ctx.db.pool, async (tx) => {
    const testCases = await requireTestCases(tx, organizationId, ids, { hold: true });
    await requireUnmerged(tx, organizationId, ids);
    const actor = await actorName(tx, ctx.tenant);
    await query(
      tx,
      sql`INSERT INTO test_tags (organization_id, test_case_id, key, tag, actor, tagged_at)
        SELECT ${organizationId}::uuid, id, key, tag, ${actor}, ${ctx.now()}::timestamptz
        FROM unnest(${ids}::text[]) AS tests (id)
          CROSS JOIN unnest(${[...byKey.keys()]}::text[], ${[...byKey.values()]}::text[]) AS said (key, tag)
        ON CONFLICT (organization_id, test_case_id, key) DO NOTHING`,
    );
    await requireFewTags(tx, organizationId, ids);
    return testCases;
  });
}

async function requireFewTags(
  tx: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<void> {
  const crowded = await query<{ id: string }>(
    tx,
    sql`SELECT test_case_id AS id FROM test_tags
      WHERE organization_id = ${organizationId}::uuid AND test_case_id = ANY (${ids}::text[])
      GROUP BY test_case_id HAVING count(*) > ${mostTags}::int ORDER BY test_case_id`,
  );
  if (crowded.length === 0) return;
  throw new ValidationError(
    crowded.map(({ id }) => ({
      path: ['input', 'tags'],
      message: `test case ${id} would have more than ${String(mostTags)} tags`,
    })),
  );
}
