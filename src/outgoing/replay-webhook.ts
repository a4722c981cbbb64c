import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { fieldsOf, type RowOf, selectList, tableOf } from '../db/columns.ts';
import { enqueueMessages } from '../db/enqueue-outgoing.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';

const ReplayWebhookInput = z.object({ deliveryId: uuid });
export type ReplayWebhookInput = z.input<typeof ReplayWebhookInput>;

interface Found {
  readonly messageId: string;
  readonly endpointId: string;
  readonly isDisabled: boolean;
}

/**
 * Queues the message of a delivery to be sent again, whatever became of it, as if it were new: the same `webhook-id`
 * and body, a new time and signature. Gives the message as it waits.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} when the organization has no delivery with this id
 * @throws {ConflictError} when the endpoint is disabled
 */
export async function replayWebhook(
  ctx: ServiceContext,
  input: ReplayWebhookInput,
): Promise<RowOf['OutgoingWebhookMessage']> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { deliveryId } = parseInput(ReplayWebhookInput, input);
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    const [found] = await query<Found>(
      tx,
      sql`SELECT d.message_id AS "messageId", d.endpoint_id AS "endpointId", e.disabled_at IS NOT NULL AS "isDisabled"
        FROM outgoing_deliveries d JOIN outgoing_endpoints e
          ON e.organization_id = d.organization_id AND e.id = d.endpoint_id
        WHERE d.organization_id = ${organizationId}::uuid AND d.id = ${deliveryId}::uuid FOR UPDATE OF e`,
    );
    if (found === undefined) throw new NotFoundError('There is no delivery with this id.');
    if (found.isDisabled) throw new ConflictError('The endpoint is disabled: enable it first.');
    const { messageId, endpointId } = found;
    const [message] = await query<RowOf['OutgoingWebhookMessage']>(
      tx,
      sql`UPDATE ${tableOf('OutgoingWebhookMessage')}
        SET status = 'PENDING', attempts = 0, next_attempt_at = ${ctx.now()}::timestamptz
        WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${messageId}::uuid
        RETURNING ${selectList(fieldsOf('OutgoingWebhookMessage'))}`,
    );
    if (message === undefined) throw new NotFoundError('There is no delivery with this id.');
    await enqueueMessages(tx, [{ organizationId, messageId, endpointId, at: ctx.now() }]);
    return message;
  });
}
