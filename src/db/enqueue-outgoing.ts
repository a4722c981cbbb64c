import { eventNames, webhookBody } from '../domain/webhook-event.ts';
import type { WebhookEvent } from './generated/prisma/enums.ts';
import { type Queryable, query, sql } from './sql.ts';

/** Name of the job that sends a message. */
export const sendOutgoingJob = 'send_outgoing';

/** Only what nobody foresaw fails a job: what an endpoint does is kept with the message. */
const triesAtMost = 5;

/**
 * What one organization may hold of the workers that send: a queue of the job runner is worked on by one at a time, and
 * an endpoint always has the same one. Those that never answer keep nobody else's waiting.
 */
const queuesOfOrganization = 4;

/** Something that endpoints are told. */
export interface OutgoingEvent {
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

/** A message and when it is to be sent. */
export interface WaitingMessage extends OutgoingJob {
  readonly endpointId: string;
  readonly at: Date;
}

interface Endpoint {
  readonly id: string;
  readonly repositoryId: string | null;
  readonly events: readonly WebhookEvent[];
}

/**
 * Has each endpoint that wants to know told of each event, when and only if the transaction commits. In three
 * statements, however many there are.
 */
export async function enqueueOutgoing(
  tx: Queryable,
  organizationId: string,
  events: readonly OutgoingEvent[],
): Promise<void> {
  const endpoints = await query<Endpoint>(
    tx,
    sql`SELECT id, repository_id AS "repositoryId", events::text[] FROM outgoing_endpoints
      WHERE organization_id = ${organizationId}::uuid AND disabled_at IS NULL ORDER BY id`,
  );
  const told = events.flatMap((event) =>
    endpoints
      .filter((endpoint) => wants(endpoint, event))
      .map(({ id: endpointId }) => ({ endpointId, ...event, name: eventNames[event.type] })),
  );
  if (told.length === 0) return;
  const written = await query<WaitingMessage>(
    tx,
    sql`INSERT INTO outgoing_messages
        (organization_id, id, endpoint_id, event, dedupe_key, body, next_attempt_at, created_at)
      SELECT ${organizationId}::uuid, gen_random_uuid(), endpoint_id, name, dedupe_key, body, at, at
      FROM unnest(${told.map(({ endpointId }) => endpointId)}::uuid[], ${told.map(({ name }) => name)}::text[],
        ${told.map(({ dedupeKey }) => dedupeKey)}::text[],
        ${told.map(({ name, at, data }) => webhookBody(name, at, data))}::text[],
        ${told.map(({ at }) => at)}::timestamptz[]) AS told (endpoint_id, name, dedupe_key, body, at)
      ON CONFLICT (organization_id, endpoint_id, dedupe_key) DO NOTHING
      RETURNING organization_id AS "organizationId", id AS "messageId", endpoint_id AS "endpointId", created_at AS at`,
  );
  await enqueueMessages(tx, written);
}

function wants({ repositoryId, events }: Endpoint, event: OutgoingEvent): boolean {
  return (
    events.includes(event.type) && (repositoryId === null || repositoryId === event.repositoryId)
  );
}

/** Queues messages to be sent when they are due, when and only if the transaction commits. */
export async function enqueueMessages(
  tx: Queryable,
  messages: readonly WaitingMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  const jobs = messages.map(({ organizationId, messageId, endpointId, at }) => ({
    identifier: sendOutgoingJob,
    payload: { organizationId, messageId },
    queue_name: `${sendOutgoingJob}:${organizationId}:${String(queueOf(endpointId))}`,
    run_at: at,
    max_attempts: triesAtMost,
    job_key: `${sendOutgoingJob}:${messageId}`,
  }));
  await query(
    tx,
    sql`SELECT graphile_worker.add_jobs(array_agg(job))
      FROM json_populate_recordset(NULL::graphile_worker.job_spec, ${JSON.stringify(jobs)}::json) AS job`,
  );
}

/** From the random end of its id. */
function queueOf(endpointId: string): number {
  return Number.parseInt(endpointId.slice(-4), 16) % queuesOfOrganization;
}
