import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { Quarantine } from '../db/generated/prisma/client.ts';
import { QuarantineMode } from '../db/generated/prisma/enums.ts';
import { inTransaction } from '../db/sql.ts';
import { instant } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { text } from '../domain/text.ts';
import type { InputIssue } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { actorName } from './actor-name.ts';
import { endExpired } from './end-quarantines.ts';
import { holdQuarantines, recordQuarantines } from './record-quarantines.ts';
import { holdTestCase } from './hold-test-case.ts';
import { requireUnmerged } from './require-unmerged.ts';

const QuarantineTestInput = z.object({
  testCaseId: text(24),
  mode: z.enum(QuarantineMode),
  reason: text(1_000).nullish(),
  owner: text(256).nullish(),
  expiresAt: instant.nullish(),
});
export type QuarantineTestInput = z.input<typeof QuarantineTestInput>;

/**
 * Puts a test into quarantine, or says that it never goes there; what was decided before is replaced. The same again
 * changes nothing. The rule for quarantine does not touch what a person decided.
 *
 * @throws {ConflictError} if the test case was merged into another one
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if there is no such test case
 * @throws {ValidationError} if it is to end in the past
 */
export async function quarantineTest(
  ctx: ServiceContext,
  input: QuarantineTestInput,
): Promise<Quarantine> {
  requireCapability(ctx.tenant, 'MANAGE');
  const now = ctx.now();
  const { testCaseId, mode, ...asked } = parseInput(
    QuarantineTestInput,
    input,
    pastIssues(now, input.expiresAt),
  );
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    const { repositoryId } = await holdTestCase(tx, organizationId, testCaseId);
    await requireUnmerged(tx, organizationId, [testCaseId]);
    await holdQuarantines(tx, organizationId, [repositoryId]);
    const [before = null] = await endExpired(tx, organizationId, {
      testCaseIds: [testCaseId],
      now,
    });
    const actor = await actorName(tx, ctx.tenant);
    const after: Quarantine = {
      organizationId,
      testCaseId,
      repositoryId,
      mode,
      isAutomatic: false,
      reason: asked.reason ?? null,
      owner: asked.owner ?? null,
      actor,
      since: before?.mode === mode ? before.since : now,
      expiresAt: asked.expiresAt ?? null,
    };
    if (before !== null && isSame(before, after)) return before;
    const change = before === null ? 'CREATED' : 'CHANGED';
    await recordQuarantines(tx, organizationId, { steps: [{ change, actor, before, after }], now });
    return after;
  });
}

function isSame(before: Quarantine, after: Quarantine): boolean {
  return (
    !before.isAutomatic &&
    before.mode === after.mode &&
    before.reason === after.reason &&
    before.owner === after.owner &&
    before.expiresAt?.getTime() === after.expiresAt?.getTime()
  );
}

function pastIssues(now: Date, expiresAt: Date | null | undefined): InputIssue[] {
  if (expiresAt == null || expiresAt > now) return [];
  return [{ path: ['input', 'expiresAt'], message: 'must be in the future' }];
}
