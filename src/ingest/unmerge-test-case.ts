import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { TestCase } from '../db/generated/prisma/client.ts';
import { noteTestCases, noteUploads } from '../db/note-analytics.ts';
import { reviseQuarantines } from '../db/quarantine-revision.ts';
import { requireTestCases } from '../db/require-rows.ts';
import { inTransaction, type Queryable, query, type Sql, sql } from '../db/sql.ts';
import { parseInput } from '../domain/parse-input.ts';
import { text } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { holdIdentities, mergedBelow, mergedInto } from './find-test-cases.ts';

const UnmergeTestCaseInput = z.object({ id: text(24) });
export type UnmergeTestCaseInput = z.input<typeof UnmergeTestCaseInput>;

/**
 * Undoes a merge: the test case has its results again, those that came since then too, and those of test cases that
 * were merged into it. On one that is not merged it changes nothing.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if it is not there
 */
export async function unmergeTestCase(
  ctx: ServiceContext,
  input: UnmergeTestCaseInput,
): Promise<TestCase> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { id } = parseInput(UnmergeTestCaseInput, input);
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    const [testCase] = await requireTestCases(tx, organizationId, [id]);
    if (testCase === undefined) throw new Error('a test case that was found has gone');
    await holdIdentities(tx, testCase);
    const above = await mergedInto(tx, organizationId, id);
    if (above.length === 0) return testCase;

    await part(tx, testCase, above);
    const [result = testCase] = await requireTestCases(tx, organizationId, [id]);
    return result;
  });
}

/** @param above what it was merged into; the last of them has its results */
async function part(tx: Queryable, testCase: TestCase, above: readonly string[]): Promise<void> {
  const { organizationId, id } = testCase;
  const root = above.at(-1) ?? id;
  await query(
    tx,
    sql`DELETE FROM test_case_aliases WHERE organization_id = ${organizationId}::uuid AND alias_id = ${id}`,
  );
  const own = [id, ...(await mergedBelow(tx, organizationId, id))];
  await query(
    tx,
    sql`UPDATE test_results SET test_case_id = ${id}, reported_test_case_id = nullif(reported_test_case_id, ${id})
      WHERE organization_id = ${organizationId}::uuid AND test_case_id = ${root}
        AND reported_test_case_id = ANY (${own}::text[])`,
  );
  await query(
    tx,
    sql`UPDATE test_cases t SET first_seen_at = (${earliestOf(organizationId, own)})
      WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${id}`,
  );
  // From the one it was merged into up: each counts those below it.
  for (const other of above) await findFirstSeen(tx, organizationId, { id: other, root });
  await reviseQuarantines(tx, organizationId, [testCase.repositoryId]);
  await noteTestCases(tx, organizationId, [id, root]);
  await noteUploads(tx, organizationId, sql`r.test_case_id IN (${id}, ${root})`);
}

/** Sees again when a test case was first seen, without those that are no longer merged into it. */
async function findFirstSeen(
  tx: Queryable,
  organizationId: string,
  { id, root }: { readonly id: string; readonly root: string },
): Promise<void> {
  const below = await mergedBelow(tx, organizationId, id);
  const named =
    id === root ? sql`reported_test_case_id IS NULL` : sql`reported_test_case_id = ${id}`;
  await query(
    tx,
    sql`UPDATE test_cases t SET first_seen_at = coalesce(least((${earliestOf(organizationId, below)}),
        (SELECT min(recorded_at) FROM test_results WHERE organization_id = ${organizationId}::uuid
          AND test_case_id = ${root} AND ${named})), t.first_seen_at)
      WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${id}`,
  );
}

function earliestOf(organizationId: string, ids: readonly string[]): Sql {
  return sql`SELECT min(first_seen_at) FROM test_cases
    WHERE organization_id = ${organizationId}::uuid AND id = ANY (${ids}::text[])`;
}
