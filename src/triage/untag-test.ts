import type { ServiceContext } from '../context.ts';
import type { TestCase } from '../db/generated/prisma/client.ts';
import { requireTestCases } from '../db/require-rows.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { parseInput } from '../domain/parse-input.ts';
import { tagKey } from '../domain/tags.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { TagTestInput } from './tag-input.ts';

/**
 * Takes tags off tests, in any letter case, and gives the tests. What a test does not have changes nothing.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if one of the test cases is not there
 */
export async function untagTest(ctx: ServiceContext, input: TagTestInput): Promise<TestCase[]> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { testCaseIds, tags } = parseInput(TagTestInput, input);
  const { organizationId } = ctx.tenant;
  const ids = [...new Set(testCaseIds)];

  return inTransaction(ctx.db.pool, async (tx) => {
    const testCases = await requireTestCases(tx, organizationId, ids, { hold: true });
    await query(
      tx,
      sql`DELETE FROM test_tags WHERE organization_id = ${organizationId}::uuid
        AND test_case_id = ANY (${ids}::text[]) AND key = ANY (${tags.map(tagKey)}::text[])`,
    );
    return testCases;
  });
}
