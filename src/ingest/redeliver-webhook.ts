import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { fieldsOf, type RowOf, selectList, tableOf } from '../db/columns.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { NotFoundError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { enqueueWebhook } from './enqueue-webhook.ts';

const RedeliverWebhookInput = z.object({ id: uuid });
export type RedeliverWebhookInput = z.input<typeof RedeliverWebhookInput>;

export interface RedeliveredWebhook {
  /** As it waits. */
  readonly delivery: RowOf['WebhookDelivery'];
}

/**
 * Queues a delivery to be read once more, whatever became of it. What it tells is stored as if it had
 * come now, which changes nothing where it is stored already.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} when the organization has no delivery with this id
 */
export async function redeliverWebhook(
  ctx: ServiceContext,
  input: RedeliverWebhookInput,
): Promise<RedeliveredWebhook> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { id: deliveryId } = parseInput(RedeliverWebhookInput, input);
  const { organizationId } = ctx.tenant;
  return inTransaction(ctx.db.pool, async (tx) => {
    const [delivery] = await query<RowOf['WebhookDelivery']>(
      tx,
      sql`UPDATE ${tableOf('WebhookDelivery')} SET status = 'RECEIVED', reason = NULL
        WHERE organization_id = ${organizationId}::uuid AND id = ${deliveryId}::uuid
        RETURNING ${selectList(fieldsOf('WebhookDelivery'))}`,
    );
    if (delivery === undefined)
      throw new NotFoundError('There is no webhook delivery with this id.');
    await enqueueWebhook(tx, { organizationId, deliveryId });
    return { delivery };
  });
}
