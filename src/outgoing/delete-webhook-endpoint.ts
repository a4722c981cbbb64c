import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { NotFoundError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';

const DeleteWebhookEndpointInput = z.object({ id: uuid });
export type DeleteWebhookEndpointInput = z.input<typeof DeleteWebhookEndpointInput>;

/**
 * Deletes an endpoint with all that was, or was to be, sent to it. Gives its id.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} when the organization has no endpoint with this id
 */
export async function deleteWebhookEndpoint(
  ctx: ServiceContext,
  input: DeleteWebhookEndpointInput,
): Promise<string> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { id } = parseInput(DeleteWebhookEndpointInput, input);
  const { organizationId } = ctx.tenant;
  const deleted = await inTransaction(ctx.db.pool, (tx) =>
    query(
      tx,
      sql`DELETE FROM outgoing_endpoints
        WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid RETURNING id`,
    ),
  );
  if (deleted.length === 0) throw new NotFoundError('There is no webhook endpoint with this id.');
  return id;
}
