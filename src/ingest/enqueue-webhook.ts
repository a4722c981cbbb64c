import { type Queryable, query, sql } from '../db/sql.ts';

/** Name of the job that reads a delivery. */
export const processWebhookJob = 'process_webhook';

/** With waits of e^n seconds between them: for about six hours. */
const triesAtMost = 10;

export interface WebhookJob {
  readonly organizationId: string;
  readonly deliveryId: string;
}

/** Queues a delivery to be read, when and only if the transaction commits. */
export async function enqueueWebhook(tx: Queryable, job: WebhookJob): Promise<void> {
  await query(
    tx,
    sql`SELECT graphile_worker.add_job(${processWebhookJob}, ${JSON.stringify(job)}::json,
      max_attempts => ${triesAtMost}::int, job_key => ${`${processWebhookJob}:${job.deliveryId}`})`,
  );
}
