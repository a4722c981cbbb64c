import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RowOf } from '../db/columns.ts';
import { query, sql } from '../db/sql.ts';
import { uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { testEventName, webhookBody } from '../domain/webhook-event.ts';
import { NotFoundError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { sendOutgoing } from './send-outgoing.ts';
import type { OutgoingContext } from './system.ts';

const SendTestWebhookInput = z.object({ endpointId: uuid });
export type SendTestWebhookInput = z.input<typeof SendTestWebhookInput>;

/**
 * Sends a webhook that tells of nothing, at once and once, and gives what came of it.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} when the organization has no endpoint with this id, or it is disabled
 */
export async function sendTestWebhook(
  ctx: OutgoingContext,
  input: SendTestWebhookInput,
): Promise<RowOf['OutgoingWebhookDelivery']> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { endpointId } = parseInput(SendTestWebhookInput, input);
  const { organizationId } = ctx.tenant;
  const messageId = randomUUID();
  const at = ctx.now();
  const body = webhookBody(testEventName, at, { endpointId });
  await query(
    ctx.db.pool,
    sql`INSERT INTO outgoing_messages
        (organization_id, id, endpoint_id, event, dedupe_key, body, next_attempt_at, created_at)
      SELECT organization_id, ${messageId}::uuid, id, ${testEventName}, ${messageId}, ${body},
        ${at}::timestamptz, ${at}::timestamptz
      FROM outgoing_endpoints
      WHERE organization_id = ${organizationId}::uuid AND id = ${endpointId}::uuid AND disabled_at IS NULL`,
  );
  const delivery = await sendOutgoing(ctx, { organizationId, messageId });
  if (delivery === null) {
    throw new NotFoundError('There is no webhook endpoint with this id, or it is disabled.');
  }
  return delivery;
}
