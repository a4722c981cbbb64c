import { randomUUID } from 'node:crypto';
import { fieldsOf, type RowOf, selectList } from '../db/columns.ts';
import { enqueueMessages } from '../db/enqueue-outgoing.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { testEventName } from '../domain/webhook-event.ts';
import type { ClaimedMessage } from './claim-message.ts';
import type { Outcome } from './post-webhook.ts';
import { nextAttemptAt } from './retry-schedule.ts';
import type { System } from './system.ts';

/** An attempt and what came of it. */
export interface Attempted extends Outcome {
  readonly sentAt: Date;
  readonly durationMs: number;
}

const gone = 410;
const patienceDays = 5;
const restHours = 30;

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
    if (!(await holdEndpoint(tx, message))) return null;
    const delivery = await writeDelivery(tx, message, attempted);
    const isDisabled = await judgeEndpoint(tx, message, attempted);
    await moveOn(tx, message, attempted, isDisabled);
    return delivery;
  });
}

/** Before its messages, as who deletes it does. */
async function holdEndpoint(
  tx: Queryable,
  { organizationId, endpointId }: ClaimedMessage,
): Promise<boolean> {
  const held = await query(
    tx,
    sql`SELECT 1 FROM outgoing_endpoints
      WHERE organization_id = ${organizationId}::uuid AND id = ${endpointId}::uuid FOR UPDATE`,
  );
  return held.length > 0;
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

/** Notes whether the endpoint works, and disables one that is gone or has failed for days. Gives whether it is. */
async function judgeEndpoint(
  tx: Queryable,
  { organizationId, endpointId, event }: ClaimedMessage,
  { sentAt, statusCode, error }: Attempted,
): Promise<boolean> {
  const lastFailure = sql`(SELECT max(sent_at) FROM outgoing_deliveries WHERE organization_id = ${organizationId}::uuid
    AND endpoint_id = ${endpointId}::uuid AND NOT succeeded AND sent_at < ${sentAt}::timestamptz)`;
  // Attempts of one message are at most so far apart: after a longer rest it is another failure.
  const since = sql`CASE WHEN ${lastFailure} > ${sentAt}::timestamptz - make_interval(hours => ${restHours}::int)
    THEN coalesce(failing_since, ${sentAt}::timestamptz) ELSE ${sentAt}::timestamptz END`;
  const why = sql`CASE WHEN ${statusCode === gone}::boolean THEN 'answered 410: it is gone'
    WHEN ${since} <= ${sentAt}::timestamptz - make_interval(days => ${patienceDays}::int)
      THEN 'failed for ' || ${patienceDays}::int || ' days' END`;
  if (event === testEventName && statusCode !== gone) return false;
  const [endpoint] = await query<{ isDisabled: boolean }>(
    tx,
    error === null
      ? sql`UPDATE outgoing_endpoints SET failing_since = NULL
          WHERE organization_id = ${organizationId}::uuid AND id = ${endpointId}::uuid
          RETURNING disabled_at IS NOT NULL AS "isDisabled"`
      : sql`UPDATE outgoing_endpoints SET failing_since = ${since},
            disabled_reason = coalesce(disabled_reason, ${why}),
            disabled_at = CASE WHEN disabled_at IS NULL AND ${why} IS NOT NULL THEN ${sentAt}::timestamptz
              ELSE disabled_at END
          WHERE organization_id = ${organizationId}::uuid AND id = ${endpointId}::uuid
          RETURNING disabled_at IS NOT NULL AS "isDisabled"`,
  );
  return endpoint?.isDisabled === true;
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
