import type { TestResult } from '../db/generated/prisma/client.ts';
import type { EvidenceGuard } from '../db/generated/prisma/enums.ts';
import { type Queryable, query, sql } from '../db/sql.ts';

/** Says why results of one organization are no evidence; null: they are. */
export async function setGuards(
  tx: Queryable,
  results: readonly TestResult[],
  guard: EvidenceGuard | null,
): Promise<void> {
  const [first] = results;
  if (first === undefined) return;
  const times = results.map(({ recordedAt }) => recordedAt);
  const ids = results.map(({ id }) => id);
  await query(
    tx,
    // The times once more, by themselves: they say which partitions are meant.
    sql`UPDATE test_results t SET guard = ${guard}::evidence_guard
      WHERE t.organization_id = ${first.organizationId}::uuid AND t.recorded_at = ANY (${times}::timestamptz[])
        AND (t.recorded_at, t.id) IN (SELECT * FROM unnest(${times}::timestamptz[], ${ids}::text[]))`,
  );
}
