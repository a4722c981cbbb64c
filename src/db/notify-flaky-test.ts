import type { FlakyState, TransitionRule } from './generated/prisma/enums.ts';
import { type Queryable, query, sql } from './sql.ts';

/** Channel on which every change of a test's state is announced, to this gateway and to others. */
export const flakyTestsChannel = 'buildatlas_flaky_tests';

/** A test whose state changed. */
export interface FlakyTestChange {
  readonly organizationId: string;
  readonly repositoryId: string;
  readonly testCaseId: string;
  readonly before: FlakyState;
  readonly after: FlakyState;
  readonly rule: TransitionRule;
}

/** Announces that states of tests changed, when and only if the transaction commits. */
export async function notifyFlakyTests(
  tx: Queryable,
  changes: readonly FlakyTestChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const payloads = changes.map(
    ({ organizationId, repositoryId, testCaseId, before, after, rule }) =>
      JSON.stringify({ organizationId, repositoryId, testCaseId, before, after, rule }),
  );
  await query(
    tx,
    sql`SELECT pg_notify(${flakyTestsChannel}, payload) FROM unnest(${payloads}::text[]) AS said (payload)`,
  );
}
