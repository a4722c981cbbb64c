import { fieldsOf, selectList } from '../db/columns.ts';
import type { Quarantine } from '../db/generated/prisma/client.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import { recordQuarantines } from './record-quarantines.ts';

/** Gives the quarantines of these tests, those too whose time is over. */
export async function quarantinesOf(
  tx: Queryable,
  organizationId: string,
  testCaseIds: readonly string[],
): Promise<Quarantine[]> {
  return query<Quarantine>(
    tx,
    sql`SELECT ${selectList(fieldsOf('Quarantine'))} FROM quarantines t
      WHERE t.organization_id = ${organizationId}::uuid AND t.test_case_id = ANY (${testCaseIds}::text[])
      ORDER BY t.test_case_id`,
  );
}

/**
 * Ends those of the quarantines of these tests whose time is over, and gives the others. Their repositories are held:
 * `holdQuarantines`.
 */
export async function endExpired(
  tx: Queryable,
  organizationId: string,
  { testCaseIds, now }: { readonly testCaseIds: readonly string[]; readonly now: Date },
): Promise<Quarantine[]> {
  const quarantines = await quarantinesOf(tx, organizationId, testCaseIds);
  const isOver = ({ expiresAt }: Quarantine): boolean => expiresAt !== null && expiresAt <= now;
  const steps = quarantines
    .filter(isOver)
    .map((before) => ({ change: 'EXPIRED' as const, actor: null, before, after: null }));
  await recordQuarantines(tx, organizationId, { steps, now });
  return quarantines.filter((quarantine) => !isOver(quarantine));
}
