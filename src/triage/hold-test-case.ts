import type { TestCase } from '../db/generated/prisma/client.ts';
import { requireTestCases } from '../db/require-rows.ts';
import type { Queryable } from '../db/sql.ts';

/**
 * Gives one test case, held until the transaction ends.
 *
 * @throws {NotFoundError} if it is not there
 */
export async function holdTestCase(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<TestCase> {
  const [testCase] = await requireTestCases(tx, organizationId, [id], { hold: true });
  if (testCase === undefined) throw new Error('a test case that was found has gone');
  return testCase;
}
