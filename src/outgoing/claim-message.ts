import type { OutgoingJob } from '../db/enqueue-outgoing.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import type { System } from './system.ts';

/** A message that is about to be sent, to whom and with which secrets. */
export interface ClaimedMessage {
  readonly organizationId: string;
  readonly messageId: string;
  readonly endpointId: string;
  readonly event: string;
  readonly body: string;
  /** Which time it is sent, from 1. */
  readonly attempt: number;
  readonly url: string;
  readonly sealedSecret: Uint8Array;
  readonly sealedPreviousSecret: Uint8Array | null;
  readonly previousSecretUntil: Date | null;
}

/** Longer than sending takes: whoever claimed it and did not finish has ended. */
const claimedForMs = 60_000;

/** The clock of the database, by which jobs start, may be ahead of ours. */
const slackMs = 1_000;

/**
 * Takes a message that is due, so that nobody else sends it meanwhile; null when there is no such message any more, or
 * its endpoint is disabled, which is the end of the message.
 */
export async function claimMessage(
  { db, now }: Pick<System, 'db' | 'now'>,
  { organizationId, messageId }: OutgoingJob,
): Promise<ClaimedMessage | null> {
  const time = now().getTime();
  return inTransaction(db.pool, async (tx) => {
    const [claimed] = await query<ClaimedMessage & { readonly disabledAt: Date | null }>(
      tx,
      sql`UPDATE outgoing_messages t
        SET attempts = attempts + 1, next_attempt_at = ${new Date(time + claimedForMs)}::timestamptz
        FROM outgoing_endpoints e
        WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${messageId}::uuid
          AND t.status = 'PENDING' AND t.next_attempt_at <= ${new Date(time + slackMs)}::timestamptz
          AND e.organization_id = t.organization_id AND e.id = t.endpoint_id
        RETURNING t.organization_id AS "organizationId", t.id AS "messageId", t.endpoint_id AS "endpointId", t.event,
          t.body, t.attempts AS attempt, e.url, e.sealed_secret AS "sealedSecret",
          e.sealed_previous_secret AS "sealedPreviousSecret", e.previous_secret_until AS "previousSecretUntil",
          e.disabled_at AS "disabledAt"`,
    );
    if (claimed === undefined) return null;
    const { disabledAt, ...message } = claimed;
    if (disabledAt === null) return message;
    await giveUp(tx, message);
    return null;
  });
}

async function giveUp(tx: Queryable, { organizationId, messageId }: ClaimedMessage): Promise<void> {
  await query(
    tx,
    sql`UPDATE outgoing_messages SET status = 'FAILED', attempts = attempts - 1, next_attempt_at = NULL
      WHERE organization_id = ${organizationId}::uuid AND id = ${messageId}::uuid`,
  );
}
