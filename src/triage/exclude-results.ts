import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { TestResult } from '../db/generated/prisma/client.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { parseInput } from '../domain/parse-input.ts';
import { name } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { actorName } from './actor-name.ts';
import { noteTestCases } from '../db/note-analytics.ts';
import { requireResults, ResultIds } from './require-results.ts';
import { setGuards } from './set-guards.ts';

const ExcludeResultsInput = z.object({ resultIds: ResultIds, reason: name(1_000) });
export type ExcludeResultsInput = z.input<typeof ExcludeResultsInput>;

/**
 * Says that results are no evidence of anything, whatever else guards them; their tests are judged anew. Gives the
 * results. Again it changes nothing but a reason that is another one.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if one of the results is not there
 */
export async function excludeResults(
  ctx: ServiceContext,
  input: ExcludeResultsInput,
): Promise<TestResult[]> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { resultIds, reason } = parseInput(ExcludeResultsInput, input);
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    const results = await requireResults(tx, organizationId, resultIds);
    const actor = await actorName(tx, ctx.tenant);
    await query(
      tx,
      sql`INSERT INTO excluded_results AS t (organization_id, result_id, recorded_at, reason, actor, excluded_at)
        SELECT ${organizationId}::uuid, id, at, ${reason}, ${actor}, ${ctx.now()}::timestamptz
        FROM unnest(${results.map(({ id }) => id)}::text[],
          ${results.map(({ recordedAt }) => recordedAt)}::timestamptz[]) AS said (id, at)
        ON CONFLICT (organization_id, result_id) DO UPDATE SET reason = EXCLUDED.reason,
          actor = EXCLUDED.actor, excluded_at = EXCLUDED.excluded_at
        WHERE t.reason <> EXCLUDED.reason`,
    );
    const counting = results.filter(({ guard }) => guard !== 'EXCLUDED');
    await setGuards(tx, counting, 'EXCLUDED');
    await noteTestCases(tx, organizationId, [
      ...new Set(counting.map(({ testCaseId }) => testCaseId)),
    ]);
    return results.map((result) => ({ ...result, guard: 'EXCLUDED' as const }));
  });
}
