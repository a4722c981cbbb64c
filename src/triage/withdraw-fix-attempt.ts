import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { TestCase } from '../db/generated/prisma/client.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { parseInput } from '../domain/parse-input.ts';
import { text } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { noteTestCases } from '../db/note-analytics.ts';
import { holdTestCase } from './hold-test-case.ts';

const WithdrawFixAttemptInput = z.object({ testCaseId: text(24) });
export type WithdrawFixAttemptInput = z.input<typeof WithdrawFixAttemptInput>;

/**
 * Withdraws the claim that `markFixAttempted` made. Without one it changes nothing.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if there is no such test case
 */
export async function withdrawFixAttempt(
  ctx: ServiceContext,
  input: WithdrawFixAttemptInput,
): Promise<TestCase> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { testCaseId } = parseInput(WithdrawFixAttemptInput, input);
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    const testCase = await holdTestCase(tx, organizationId, testCaseId);
    const removed = await query(
      tx,
      sql`DELETE FROM fix_attempts WHERE organization_id = ${organizationId}::uuid AND test_case_id = ${testCaseId}
        RETURNING 1`,
    );
    if (removed.length > 0) await noteTestCases(tx, organizationId, [testCaseId]);
    return testCase;
  });
}
