import { randomUUID } from 'node:crypto';
import { fieldsOf, type RowOf, selectList } from '../db/columns.ts';
import { enqueueMessages } from '../db/enqueue-outgoing.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { testEventName } from '../domain/webhook-event.ts';
import type { ClaimedMessage } from './claim-message.ts';
import { type EndpointStanding, isGone, standingAfter } from './endpoint-standing.ts';
import type { Outcome } from './post-webhook.ts';
import { nextAttemptAt } from './retry-schedule.ts';
import type { System } from './system.ts';

/** An attempt and what came of it. */
export interface Attempted extends Outcome {
  readonly sentAt: Date;
  readonly durationMs: number;
}

/**
 * Writes down what came of an attempt, and what comes next: another one, or none because the endpoint took the message,
 * or never will. Gives the delivery; null when the endpoint was deleted meanwhile.
 */
export async function recordDelivery(
  { db }: Pick<System, 'db'>,
  message: ClaimedMessage,
  attempted: Attempted,
): Promise<RowOf['OutgoingWebhookDelivery'] | null> {
  return inTransaction(db.pool, async (tx) => {
    const endpoint = await holdEndpoint(tx, message);
    if (endpoint === null) return null;
    const delivery = await writeDelivery(tx, message, attempted);
    const isTry = message.event === testEventName && !isGone(attempted.statusCode);
    const standing = isTry ? endpoint : standingAfter(endpoint, attempted);
    if (!isTry) await writeStanding(tx, message, standing);
    await moveOn(tx, message, attempted, standing.disabledAt !== null);
    return delivery;
  });
}

/** Before its messages, as who deletes it does. */
async function holdEndpoint(
  tx: Queryable,
  { organizationId, endpointId }: ClaimedMessage,
): Promise<(EndpointStanding & { readonly lastFailureAt: Date | null }) | null> {
  const [endpoint] = await query<EndpointStanding & { readonly lastFailureAt: Date | null }>(
    tx,
    sql`SELECT failing_since AS "failingSince", disabled_at AS "disabledAt", disabled_reason AS "disabledReason",
        (SELECT max(d.sent_at) FROM outgoing_deliveries d WHERE d.organization_id = e.organization_id
          AND d.endpoint_id = e.id AND NOT d.succeeded) AS "lastFailureAt"
      FROM outgoing_endpoints e
      WHERE e.organization_id = ${organizationId}::uuid AND e.id = ${endpointId}::uuid FOR UPDATE OF e`,
  );
  return endpoint ?? null;
}

async function writeDelivery(
  tx: Queryable,
  { organizationId, messageId, endpointId, event, attempt }: ClaimedMessage,
  { sentAt, durationMs, statusCode, answer, error }: Attempted,
): Promise<RowOf['OutgoingWebhookDelivery'] | null> {
  const [delivery] = await query<RowOf['OutgoingWebhookDelivery']>(
    tx,
    sql`INSERT INTO outgoing_deliveries AS t (organization_id, id, endpoint_id, message_id, event, attempt, sent_at,
        duration_ms, succeeded, status_code, answer, error)
      SELECT ${organizationId}::uuid, ${randomUUID()}::uuid, ${endpointId}::uuid, id, ${event},
        ${attempt}::int, ${sentAt}::timestamptz, ${durationMs}::int, ${error === null}::boolean, ${statusCode}::int,
        ${answer}, ${error}
      FROM outgoing_messages WHERE organization_id = ${organizationId}::uuid AND id = ${messageId}::uuid
      RETURNING ${selectList(fieldsOf('OutgoingWebhookDelivery'))}`,
  );
  return delivery ?? null;
}

async function writeStanding(
  tx: Queryable,
  { organizationId, endpointId }: ClaimedMessage,
  { failingSince, disabledAt, disabledReason }: EndpointStanding,
): Promise<void> {
  await query(
    tx,
    sql`UPDATE outgoing_endpoints SET failing_since = ${failingSince}::timestamptz,
        disabled_at = ${disabledAt}::timestamptz, disabled_reason = ${disabledReason}
      WHERE organization_id = ${organizationId}::uuid AND id = ${endpointId}::uuid`,
  );
}

/** A message that was replayed meanwhile is another matter. */
async function moveOn(
  tx: Queryable,
  { organizationId, messageId, endpointId, event, attempt }: ClaimedMessage,
  { sentAt, durationMs, retryAfter, error }: Attempted,
  isDisabled: boolean,
): Promise<void> {
  const endedAt = new Date(sentAt.getTime() + durationMs);
  const isLast = error === null || isDisabled || event === testEventName;
  const next = isLast ? null : nextAttemptAt({ attempt, endedAt, retryAfter }, Math.random);
  const settled = error === null ? 'DELIVERED' : 'FAILED';
  const moved = await query(
    tx,
    sql`UPDATE outgoing_messages SET status = ${next === null ? settled : 'PENDING'}::outgoing_message_status,
        next_attempt_at = ${next}::timestamptz
      WHERE organization_id = ${organizationId}::uuid AND id = ${messageId}::uuid
        AND status = 'PENDING' AND attempts = ${attempt}::int
      RETURNING 1`,
  );
  if (next !== null && moved.length > 0) {
    await enqueueMessages(tx, [{ organizationId, messageId, endpointId, at: next }]);
  }
}
