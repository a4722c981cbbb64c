import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { TestCase } from '../db/generated/prisma/client.ts';
import { noteTestCases, noteUploads } from '../db/note-analytics.ts';
import { reviseQuarantines } from '../db/quarantine-revision.ts';
import { requireTestCases } from '../db/require-rows.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { parseInput } from '../domain/parse-input.ts';
import { text } from '../domain/text.ts';
import { ConflictError, ValidationError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { holdIdentities, mergedInto } from './find-test-cases.ts';

const MergeTestCasesInput = z.object({
  from: z
    .array(text(24))
    .min(1, { error: 'must name at least one test case' })
    .max(100, { error: 'must be at most 100 test cases; merge the rest in another request' }),
  into: text(24),
});
export type MergeTestCasesInput = z.input<typeof MergeTestCasesInput>;

/**
 * Lets the results of some test cases count for another one, those that are stored and those to come: what a test
 * was called before keeps its history. What was decided about the quarantine of the former holds for the other, and
 * runners learn of it under all names. Again it changes nothing; `unmergeTestCase` undoes it, but what was decided
 * stays where it is. Gives the one they count for.
 *
 * @throws {ConflictError} if one is merged into yet another one, or the other into it
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} if one is not there
 * @throws {ValidationError} if they are not of one repository, or the same
 */
export async function mergeTestCases(
  ctx: ServiceContext,
  input: MergeTestCasesInput,
): Promise<TestCase> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { from, into } = parseInput(MergeTestCasesInput, input);
  const { organizationId } = ctx.tenant;
  requireOthers(from, into);

  return inTransaction(ctx.db.pool, async (tx) => {
    const [target, ...others] = await requireTestCases(tx, organizationId, [into, ...from]);
    if (target === undefined) throw new Error('a test case that was found has gone');
    requireOneRepository(target, others);
    await holdIdentities(tx, target);

    const above = await mergedInto(tx, organizationId, into);
    const merged: string[] = [];
    for (const id of new Set(from)) {
      if (above.includes(id)) {
        throw new ConflictError(`test case ${into} is merged into ${id}: unmerge it first`);
      }
      const [known, ...further] = await mergedInto(tx, organizationId, id);
      if (known === undefined) merged.push(id);
      else if (known !== into && !further.includes(into)) {
        throw new ConflictError(`test case ${id} is merged into ${known}: unmerge it first`);
      }
    }
    if (merged.length > 0) await merge(tx, target, { merged, root: above.at(-1) ?? into });
    const [result = target] = await requireTestCases(tx, organizationId, [into]);
    return result;
  });
}

interface Merge {
  readonly merged: readonly string[];
  /** What the results count for: the target, or the last of those that it was merged into itself. */
  readonly root: string;
}

async function merge(tx: Queryable, target: TestCase, { merged, root }: Merge): Promise<void> {
  const { organizationId, id } = target;
  await query(
    tx,
    sql`INSERT INTO test_case_aliases (organization_id, alias_id, test_case_id)
      SELECT ${organizationId}::uuid, alias, ${id} FROM unnest(${merged}::text[]) AS said (alias)`,
  );
  // Both were first seen when the first of the merged ones was.
  await query(
    tx,
    sql`UPDATE test_cases t SET first_seen_at = least(t.first_seen_at, first.seen)
      FROM (SELECT min(first_seen_at) AS seen FROM test_cases
        WHERE organization_id = ${organizationId}::uuid AND id = ANY (${merged}::text[])) first
      WHERE t.organization_id = ${organizationId}::uuid AND t.id IN (${id}, ${root})`,
  );
  await query(
    tx,
    sql`UPDATE test_results SET test_case_id = ${root},
        reported_test_case_id = coalesce(reported_test_case_id, test_case_id)
      WHERE organization_id = ${organizationId}::uuid AND test_case_id = ANY (${merged}::text[])`,
  );
  await reviseQuarantines(tx, organizationId, [target.repositoryId]);
  await noteTestCases(tx, organizationId, [root, ...merged]);
  await noteUploads(tx, organizationId, sql`r.test_case_id = ${root}`);
}

function requireOthers(from: readonly string[], into: string): void {
  const issues = from.flatMap((id, index) =>
    id === into
      ? [{ path: ['input', 'from', String(index)], message: 'is the test case to merge into' }]
      : [],
  );
  if (issues.length > 0) throw new ValidationError(issues);
}

function requireOneRepository({ repositoryId }: TestCase, others: readonly TestCase[]): void {
  const issues = others.flatMap((other, index) =>
    other.repositoryId === repositoryId
      ? []
      : [
          {
            path: ['input', 'from', String(index)],
            message: 'is not of the repository of the test case to merge into',
          },
        ],
  );
  if (issues.length > 0) throw new ValidationError(issues);
}
