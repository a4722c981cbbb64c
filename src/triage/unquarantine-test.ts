import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { TestCase } from '../db/generated/prisma/client.ts';
import { inTransaction } from '../db/sql.ts';
import { parseInput } from '../domain/parse-input.ts';
import { text } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { actorName } from './actor-name.ts';
import { endExpired } from './end-quarantines.ts';
import { holdQuarantines, recordQuarantines } from './record-quarantines.ts';
import { holdTestCase } from './hold-test-case.ts';

const UnquarantineTestInput = z.object({ testCaseId: text(24) });
export type UnquarantineTestInput = z.input<typeof UnquarantineTestInput>;

/**
 * Ends what was decided about the quarantine of a test, by a person or by the rule, which does not bring it back
 * before the test disrupts builds anew. On a test without it changes nothing.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if there is no such test case
 */
export async function unquarantineTest(
  ctx: ServiceContext,
  input: UnquarantineTestInput,
): Promise<TestCase> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { testCaseId } = parseInput(UnquarantineTestInput, input);
  const { organizationId } = ctx.tenant;
  const now = ctx.now();

  return inTransaction(ctx.db.pool, async (tx) => {
    const testCase = await holdTestCase(tx, organizationId, testCaseId);
    await holdQuarantines(tx, organizationId, [testCase.repositoryId]);
    const live = await endExpired(tx, organizationId, { testCaseIds: [testCaseId], now });
    const actor = await actorName(tx, ctx.tenant);
    const steps = live.map((before) => ({
      change: 'REMOVED' as const,
      actor,
      before,
      after: null,
    }));
    await recordQuarantines(tx, organizationId, { steps, now });
    return testCase;
  });
}
