import { requireRepository } from '../db/require-rows.ts';
import { empty, inTransaction, query, sql } from '../db/sql.ts';
import { NotFoundError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { parseEndpoint, UpdateWebhookEndpointInput } from './endpoint-input.ts';
import type { OutgoingContext } from './system.ts';
import { endpointColumns, type VisibleEndpoint } from './visible-endpoint.ts';

/**
 * Changes an endpoint; what the input does not hold stays. What waits to be sent goes to its new URL. One that is
 * enabled again has a clean slate.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {ValidationError} naming each field that breaks its rule
 * @throws {NotFoundError} when the organization has no endpoint, or no repository, with this id
 */
export async function updateWebhookEndpoint(
  ctx: OutgoingContext,
  input: UpdateWebhookEndpointInput,
): Promise<VisibleEndpoint> {
  requireCapability(ctx.tenant, 'MANAGE');
  const change = parseEndpoint(UpdateWebhookEndpointInput, input, ctx.outgoing);
  const { organizationId } = ctx.tenant;
  const { id, url, events, repositoryId, isEnabled } = change;

  return inTransaction(ctx.db.pool, async (tx) => {
    if (repositoryId != null) await requireRepository(tx, organizationId, repositoryId);
    const [endpoint] = await query<VisibleEndpoint>(
      tx,
      sql`UPDATE outgoing_endpoints t SET url = coalesce(${url ?? null}, t.url),
          events = coalesce(${events ?? null}::webhook_event[], t.events)
          ${repositoryId === undefined ? empty : sql`, repository_id = ${repositoryId}::uuid`}
          ${enabling(isEnabled, ctx.now())}
        WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${id}::uuid
        RETURNING ${endpointColumns()}`,
    );
    if (endpoint === undefined)
      throw new NotFoundError('There is no webhook endpoint with this id.');
    return endpoint;
  });
}

function enabling(isEnabled: boolean | null | undefined, now: Date) {
  if (isEnabled == null) return empty;
  if (isEnabled) return sql`, disabled_at = NULL, disabled_reason = NULL, failing_since = NULL`;
  return sql`, disabled_at = coalesce(t.disabled_at, ${now}::timestamptz),
    disabled_reason = coalesce(t.disabled_reason, 'disabled by a key')`;
}
