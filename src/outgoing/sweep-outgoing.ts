import { enqueueMessages, sendOutgoingJob, type WaitingMessage } from '../db/enqueue-outgoing.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import type { System } from './system.ts';

const mostAtOnce = 1000;

/** Queues messages that are due though nothing in the queue would send them, or only what has stopped long ago. */
export async function sweepOutgoing({ db, now }: Pick<System, 'db' | 'now'>): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const left = await query<Omit<WaitingMessage, 'at'>>(
      tx,
      sql`SELECT m.organization_id AS "organizationId", m.id AS "messageId", m.endpoint_id AS "endpointId"
        FROM organizations o JOIN outgoing_messages m ON m.organization_id = o.id
        WHERE m.status = 'PENDING' AND m.next_attempt_at < ${now()}::timestamptz - interval '1 minute'
          AND NOT EXISTS (
            SELECT FROM graphile_worker.jobs j WHERE j.key = ${`${sendOutgoingJob}:`} || m.id::text
              AND j.attempts < j.max_attempts AND coalesce(j.locked_at > now() - interval '5 minutes', true))
        ORDER BY m.next_attempt_at LIMIT ${mostAtOnce} FOR UPDATE OF m SKIP LOCKED`,
    );
    const at = now();
    await enqueueMessages(
      tx,
      left.map((message) => ({ ...message, at })),
    );
  });
}
