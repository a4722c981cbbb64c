import { randomUUID } from 'node:crypto';
import { eventNames, webhookBody } from '../domain/webhook-event.ts';
import type { WebhookEvent } from './generated/prisma/enums.ts';
import { type Queryable, query, sql } from './sql.ts';

/** Name of the job that sends a message. */
export const sendOutgoingJob = 'send_outgoing';

/** Only what nobody foresaw fails a job: what an endpoint does is kept with the message. */
const triesAtMost = 5;

/** Something that endpoints are told. */
export interface OutgoingEvent {
  readonly organizationId: string;
  readonly repositoryId: string;
  readonly type: WebhookEvent;
  /** The same thing told again has the same key, and is told to no endpoint twice. */
  readonly dedupeKey: string;
  /** When it happened. */
  readonly at: Date;
  /** What the webhook holds as `data`. */
  readonly data: object;
}

/** Names a message to be sent. */
export interface OutgoingJob {
  readonly organizationId: string;
  readonly messageId: string;
}

/** Has each endpoint that wants to know told of the event, when and only if the transaction commits. */
export async function enqueueOutgoing(tx: Queryable, event: OutgoingEvent): Promise<void> {
  const { organizationId, repositoryId, type, dedupeKey, at, data } = event;
  const endpoints = await query<{ id: string }>(
    tx,
    sql`SELECT id FROM outgoing_endpoints
      WHERE organization_id = ${organizationId}::uuid AND disabled_at IS NULL
        AND ${type}::webhook_event = ANY (events)
        AND (repository_id IS NULL OR repository_id = ${repositoryId}::uuid)
      ORDER BY id`,
  );
  if (endpoints.length === 0) return;
  const name = eventNames[type];
  const written = await query<{ messageId: string }>(
    tx,
    sql`INSERT INTO outgoing_messages
        (organization_id, id, endpoint_id, event, dedupe_key, body, next_attempt_at, created_at)
      SELECT ${organizationId}::uuid, id, endpoint_id, ${name}, ${dedupeKey}, ${webhookBody(name, at, data)},
        ${at}::timestamptz, ${at}::timestamptz
      FROM unnest(${endpoints.map(() => randomUUID())}::uuid[], ${endpoints.map(({ id }) => id)}::uuid[])
        AS told (id, endpoint_id)
      ON CONFLICT (organization_id, endpoint_id, dedupe_key) DO NOTHING
      RETURNING id AS "messageId"`,
  );
  for (const { messageId } of written) {
    await enqueueMessage(tx, { organizationId, messageId }, at);
  }
}

/** Queues a message to be sent then, when and only if the transaction commits. */
export async function enqueueMessage(tx: Queryable, job: OutgoingJob, at: Date): Promise<void> {
  await query(
    tx,
    sql`SELECT graphile_worker.add_job(${sendOutgoingJob}, ${JSON.stringify(job)}::json,
      run_at => ${at}::timestamptz, max_attempts => ${triesAtMost}::int,
      job_key => ${`${sendOutgoingJob}:${job.messageId}`})`,
  );
}
