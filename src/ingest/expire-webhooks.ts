import type { ServiceContext } from '../context.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { enqueueWebhook, processWebhookJob, type WebhookJob } from './enqueue-webhook.ts';

type System = Pick<ServiceContext, 'db' | 'now'>;

/** Forgets deliveries that came longer ago than uploads are kept, but for those that wait. */
export async function expireWebhooks({ db, now }: System, keptDays: number): Promise<void> {
  // By organization, which leads the index.
  await query(
    db.pool,
    sql`DELETE FROM webhook_deliveries d USING organizations o
      WHERE d.organization_id = o.id AND d.status <> 'RECEIVED'
        AND d.received_at < ${now()}::timestamptz - make_interval(days => ${keptDays}::int)`,
  );
}

const mostAtOnce = 1000;

/** Queues deliveries that wait though nothing in the queue would read them: a job after its last try will not. */
export async function sweepWebhooks({ db, now }: System): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const left = await query<WebhookJob>(
      tx,
      sql`SELECT d.organization_id AS "organizationId", d.id AS "deliveryId"
        FROM organizations o JOIN webhook_deliveries d ON d.organization_id = o.id
        WHERE d.status = 'RECEIVED' AND d.received_at < ${now()}::timestamptz - interval '1 minute'
          AND NOT EXISTS (
            SELECT FROM graphile_worker.jobs j
            WHERE j.key = ${`${processWebhookJob}:`} || d.id::text
              AND (j.attempts < j.max_attempts OR j.locked_at IS NOT NULL))
        LIMIT ${mostAtOnce} FOR UPDATE OF d SKIP LOCKED`,
    );
    for (const job of left) await enqueueWebhook(tx, job);
  });
}
