import { randomUUID } from 'node:crypto';
import type { Quarantine } from '../db/generated/prisma/client.ts';
import type { QuarantineChange } from '../db/generated/prisma/enums.ts';
import { lockNames } from '../db/lock.ts';
import { reviseQuarantines } from '../db/quarantine-revision.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import { toRecords } from '../db/upsert.ts';
import { type Told, tellQuarantines } from './tell-quarantines.ts';

/** What becomes of the quarantine of one test. */
export interface QuarantineStep {
  readonly change: QuarantineChange;
  /** Name of the key that decided; null when the rule or time did. */
  readonly actor: string | null;
  readonly before: Quarantine | null;
  readonly after: Quarantine | null;
}

/** Waits until nobody else changes quarantines of these repositories, until the transaction ends. */
export async function holdQuarantines(
  tx: Queryable,
  organizationId: string,
  repositoryIds: readonly string[],
): Promise<void> {
  await lockNames(
    tx,
    repositoryIds.map((id) => `quarantine ${organizationId} ${id}`),
  );
}

/**
 * Stores quarantines as they are from now on, and what was done in the log; runners learn that their list changed, and
 * webhooks tell of it.
 *
 * @param steps at most one for each test, of repositories that `holdQuarantines` holds
 */
export async function recordQuarantines(
  tx: Queryable,
  organizationId: string,
  { steps, now }: { readonly steps: readonly QuarantineStep[]; readonly now: Date },
): Promise<void> {
  if (steps.length === 0) return;
  await removeRows(
    tx,
    organizationId,
    steps.flatMap(({ before, after }) =>
      before !== null && after === null ? [before.testCaseId] : [],
    ),
  );
  await writeRows(
    tx,
    steps.flatMap(({ after }) => after ?? []),
  );
  const told = steps.map((step) => toTold(step, now));
  const events = told.map(({ event }) => event);
  await query(
    tx,
    sql`INSERT INTO quarantine_events
      SELECT * FROM json_populate_recordset(NULL::quarantine_events, ${toRecords(events)}::json)`,
  );
  await reviseQuarantines(
    tx,
    organizationId,
    events.map(({ repositoryId }) => repositoryId),
  );
  await tellQuarantines(tx, organizationId, told);
}

async function removeRows(
  tx: Queryable,
  organizationId: string,
  testCaseIds: readonly string[],
): Promise<void> {
  if (testCaseIds.length === 0) return;
  await query(
    tx,
    sql`DELETE FROM quarantines
      WHERE organization_id = ${organizationId}::uuid AND test_case_id = ANY (${testCaseIds}::text[])`,
  );
}

async function writeRows(tx: Queryable, rows: readonly Quarantine[]): Promise<void> {
  if (rows.length === 0) return;
  await query(
    tx,
    sql`INSERT INTO quarantines
      SELECT * FROM json_populate_recordset(NULL::quarantines, ${toRecords(rows)}::json)
      ON CONFLICT (organization_id, test_case_id) DO UPDATE SET mode = EXCLUDED.mode,
        is_automatic = EXCLUDED.is_automatic, reason = EXCLUDED.reason, owner = EXCLUDED.owner,
        actor = EXCLUDED.actor, since = EXCLUDED.since, expires_at = EXCLUDED.expires_at`,
  );
}

function toTold({ change, actor, before, after }: QuarantineStep, now: Date): Told {
  const quarantine = after === null || after.mode === 'NEVER' ? (before ?? after) : after;
  if (quarantine === null) throw new Error('a step from nothing to nothing');
  const { organizationId, testCaseId, repositoryId } = quarantine;
  const event = {
    organizationId,
    id: randomUUID(),
    testCaseId,
    repositoryId,
    // Seen later, it ended when it was said to.
    at: change === 'EXPIRED' ? (before?.expiresAt ?? now) : now,
    change,
    actor,
    beforeMode: before?.mode ?? null,
    beforeReason: before?.reason ?? null,
    beforeOwner: before?.owner ?? null,
    beforeExpiresAt: before?.expiresAt ?? null,
    afterMode: after?.mode ?? null,
    afterReason: after?.reason ?? null,
    afterOwner: after?.owner ?? null,
    afterExpiresAt: after?.expiresAt ?? null,
  };
  return { event, quarantine };
}
