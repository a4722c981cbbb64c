import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { TestResult } from '../db/generated/prisma/client.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { parseInput } from '../domain/parse-input.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { noteBuildGuards, noteTestCases, noteUploads } from '../db/note-analytics.ts';
import { requireResults, ResultIds } from './require-results.ts';
import { setGuards } from './set-guards.ts';

const IncludeResultsInput = z.object({ resultIds: ResultIds });
export type IncludeResultsInput = z.input<typeof IncludeResultsInput>;

/**
 * Takes back what `excludeResults` said: the results count again, unless something else guards them, which the
 * analytics finds out. Gives the results. Those that are not excluded stay as they are.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if one of the results is not there
 */
export async function includeResults(
  ctx: ServiceContext,
  input: IncludeResultsInput,
): Promise<TestResult[]> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { resultIds } = parseInput(IncludeResultsInput, input);
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    const results = await requireResults(tx, organizationId, resultIds);
    await query(
      tx,
      sql`DELETE FROM excluded_results WHERE organization_id = ${organizationId}::uuid
        AND result_id = ANY (${results.map(({ id }) => id)}::text[])`,
    );
    const excluded = results.filter(({ guard }) => guard === 'EXCLUDED');
    await setGuards(tx, excluded, null);
    await noteTestCases(tx, organizationId, [
      ...new Set(excluded.map(({ testCaseId }) => testCaseId)),
    ]);
    await noteBuildGuards(
      tx,
      organizationId,
      excluded.flatMap(({ buildId }) => buildId ?? []),
    );
    await noteUploads(
      tx,
      organizationId,
      sql`r.id = ANY (${excluded.map(({ id }) => id)}::text[])
        AND r.recorded_at = ANY (${excluded.map(({ recordedAt }) => recordedAt)}::timestamptz[])`,
    );
    return results.map((result) =>
      excluded.includes(result) ? { ...result, guard: null } : result,
    );
  });
}
