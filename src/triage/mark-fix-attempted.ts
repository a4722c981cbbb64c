import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { TestCase } from '../db/generated/prisma/client.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { parseInput } from '../domain/parse-input.ts';
import { name, text } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { actorName } from './actor-name.ts';
import { noteTestCases } from '../db/note-analytics.ts';
import { holdTestCase } from './hold-test-case.ts';
import { requireUnmerged } from './require-unmerged.ts';

const MarkFixAttemptedInput = z.object({
  testCaseId: text(24),
  commitSha: name(128).refine((sha) => sha.trim() !== '', { error: 'must not be empty' }),
});
export type MarkFixAttemptedInput = z.input<typeof MarkFixAttemptedInput>;

/**
 * Claims that a commit fixes a test: clean code states that contain it verify that, a failure on one refutes it (see
 * `fixOf` of the engine). The same commit again changes nothing, another one begins anew.
 *
 * @throws {ConflictError} if the test case was merged into another one
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if there is no such test case
 */
export async function markFixAttempted(
  ctx: ServiceContext,
  input: MarkFixAttemptedInput,
): Promise<TestCase> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { testCaseId, commitSha } = parseInput(MarkFixAttemptedInput, input);
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    const testCase = await holdTestCase(tx, organizationId, testCaseId);
    await requireUnmerged(tx, organizationId, [testCaseId]);
    const actor = await actorName(tx, ctx.tenant);
    const written = await query(
      tx,
      sql`INSERT INTO fix_attempts AS t (organization_id, test_case_id, commit_sha, attempted_at, actor)
        VALUES (${organizationId}::uuid, ${testCaseId}, ${commitSha}, ${ctx.now()}::timestamptz, ${actor})
        ON CONFLICT (organization_id, test_case_id) DO UPDATE SET commit_sha = EXCLUDED.commit_sha,
          attempted_at = EXCLUDED.attempted_at, actor = EXCLUDED.actor
        WHERE t.commit_sha <> EXCLUDED.commit_sha
        RETURNING 1`,
    );
    if (written.length > 0) await noteTestCases(tx, organizationId, [testCaseId]);
    return testCase;
  });
}
