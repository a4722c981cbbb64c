import { randomUUID } from 'node:crypto';
import { requireRepository } from '../db/require-rows.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { CreateWebhookEndpointInput, parseEndpoint } from './endpoint-input.ts';
import { createWebhookSecret } from './sign-webhook.ts';
import { purposeOf } from './secret-purpose.ts';
import type { OutgoingContext } from './system.ts';
import { endpointColumns, type VisibleEndpoint } from './visible-endpoint.ts';

/** An endpoint with the one sight of its secret. */
export interface EndpointWithSecret {
  readonly endpoint: VisibleEndpoint;
  /** `whsec_` and base64. */
  readonly secret: string;
}

/**
 * Makes an endpoint that is told of events from now on, and gives it with its secret, which is stored sealed.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {ValidationError} naming each field that breaks its rule
 * @throws {NotFoundError} when the organization has no repository with this id
 */
export async function createWebhookEndpoint(
  ctx: OutgoingContext,
  input: CreateWebhookEndpointInput,
): Promise<EndpointWithSecret> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { url, events, repositoryId } = parseEndpoint(
    CreateWebhookEndpointInput,
    input,
    ctx.outgoing,
  );
  const { organizationId } = ctx.tenant;
  const id = randomUUID();
  const secret = createWebhookSecret();
  const sealed = ctx.secrets.seal(secret, purposeOf(organizationId, id));

  return inTransaction(ctx.db.pool, async (tx) => {
    if (repositoryId != null) await requireRepository(tx, organizationId, repositoryId);
    const [endpoint] = await query<VisibleEndpoint>(
      tx,
      sql`INSERT INTO outgoing_endpoints AS t
          (organization_id, id, repository_id, url, events, sealed_secret, created_at)
        VALUES (${organizationId}::uuid, ${id}::uuid, ${repositoryId ?? null}::uuid, ${url}, ${events}::webhook_event[],
          ${sealed}::bytea, ${ctx.now()}::timestamptz)
        RETURNING ${endpointColumns()}`,
    );
    if (endpoint === undefined) throw new Error('an endpoint was not stored');
    return { endpoint, secret };
  });
}
