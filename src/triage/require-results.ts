import { z } from 'zod';
import { fieldsOf, selectList } from '../db/columns.ts';
import type { TestResult } from '../db/generated/prisma/client.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import { recordedSecond } from '../domain/object-id.ts';
import { NotFoundError } from '../errors.ts';

/** Ids of results, 1 to 100, each of which begins with the second in which it was recorded. */
export const ResultIds = z
  .array(z.string().regex(/^[0-9a-f]{24}$/, { error: 'must be 24 hex digits' }))
  .min(1, { error: 'must name at least one result' })
  .max(100, { error: 'must be at most 100 results; name the rest in another request' });

/**
 * Gives the results in the order of time, held until the transaction ends.
 *
 * @throws {NotFoundError} if one is not there
 */
export async function requireResults(
  tx: Queryable,
  organizationId: string,
  asked: readonly string[],
): Promise<TestResult[]> {
  const ids = [...new Set(asked)];
  const found = await query<TestResult>(
    tx,
    sql`SELECT ${selectList(fieldsOf('TestResult'))}
      FROM unnest(${ids}::text[], ${ids.map(recordedSecond)}::timestamptz[]) AS asked (id, second)
      JOIN test_results t ON t.organization_id = ${organizationId}::uuid AND t.id = asked.id
        AND t.recorded_at >= asked.second AND t.recorded_at < asked.second + interval '1 second'
      ORDER BY t.recorded_at, t.id FOR NO KEY UPDATE OF t`,
  );
  const missing = ids.find((id) => !found.some((result) => result.id === id));
  if (missing !== undefined) throw new NotFoundError(`there is no test result ${missing}`);
  return found;
}
