import type { ServiceContext } from '../context.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { applyQuarantineRule } from './apply-quarantine-rule.ts';
import { endExpired } from './end-quarantines.ts';
import { holdQuarantines } from './record-quarantines.ts';

/** Tests at a time. */
const batchSize = 1_000;

interface Batch {
  readonly organizationId: string;
  readonly testCaseIds: readonly string[];
  readonly repositoryIds: readonly string[];
}

/** Ends quarantines whose time is over, and those of the rule that time alone has ended. */
export async function expireQuarantines(system: Pick<ServiceContext, 'db' | 'now'>): Promise<void> {
  const now = system.now();
  for (const { organizationId, testCaseIds, repositoryIds } of await batchesDue(system, now)) {
    await inTransaction(system.db.pool, async (tx) => {
      await holdQuarantines(tx, organizationId, repositoryIds);
      await endExpired(tx, organizationId, { testCaseIds, now });
      await applyQuarantineRule(tx, { organizationId, testCaseIds, now });
    });
  }
}

async function batchesDue({ db }: Pick<ServiceContext, 'db'>, now: Date): Promise<Batch[]> {
  return query<Batch>(
    db.pool,
    // By organization, which leads the indexes.
    sql`SELECT id AS "organizationId", array_agg(test_case_id) AS "testCaseIds",
        array_agg(DISTINCT repository_id::text) AS "repositoryIds"
      FROM (SELECT o.id, q.test_case_id, q.repository_id,
          (row_number() OVER (PARTITION BY o.id ORDER BY q.test_case_id) - 1) / ${batchSize}::int AS batch
        FROM organizations o JOIN quarantines q ON q.organization_id = o.id
          AND (q.is_automatic OR q.expires_at <= ${now}::timestamptz)) due
      GROUP BY id, batch ORDER BY id, batch`,
  );
}
