import { z } from 'zod';
import { inTransaction, query, sql } from '../db/sql.ts';
import { uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { NotFoundError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import type { EndpointWithSecret } from './create-webhook-endpoint.ts';
import { createWebhookSecret } from './sign-webhook.ts';
import { purposeOf } from './secret-purpose.ts';
import type { OutgoingContext } from './system.ts';
import { endpointColumns, type VisibleEndpoint } from './visible-endpoint.ts';

const RotateInput = z.object({ id: uuid });
export type RotateWebhookEndpointSecretInput = z.input<typeof RotateInput>;

const bothForHours = 24;

/**
 * Gives an endpoint another secret. For 24 hours webhooks are signed with the one before too, so that the receiver may
 * change over in its own time.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} when the organization has no endpoint with this id
 */
export async function rotateWebhookEndpointSecret(
  ctx: OutgoingContext,
  input: RotateWebhookEndpointSecretInput,
): Promise<EndpointWithSecret> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { id } = parseInput(RotateInput, input);
  const { organizationId } = ctx.tenant;
  const secret = createWebhookSecret();
  const sealed = ctx.secrets.seal(secret, purposeOf(organizationId, id));

  return inTransaction(ctx.db.pool, async (tx) => {
    const [endpoint] = await query<VisibleEndpoint>(
      tx,
      sql`UPDATE outgoing_endpoints t SET sealed_secret = ${sealed}::bytea, sealed_previous_secret = t.sealed_secret,
          previous_secret_until = ${ctx.now()}::timestamptz + make_interval(hours => ${bothForHours}::int)
        WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${id}::uuid
        RETURNING ${endpointColumns()}`,
    );
    if (endpoint === undefined)
      throw new NotFoundError('There is no webhook endpoint with this id.');
    return { endpoint, secret };
  });
}
