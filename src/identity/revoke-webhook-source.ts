import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { NotFoundError } from '../errors.ts';
import { requireCapability } from './require-capability.ts';
import { visibleWebhookSource, type VisibleWebhookSource } from './visible-webhook-source.ts';

const RevokeWebhookSourceInput = z.object({ id: uuid });
export type RevokeWebhookSourceInput = z.input<typeof RevokeWebhookSourceInput>;

/**
 * Ends a source of webhooks: from the next request on nothing is taken from it. Revoking again changes nothing.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {NotFoundError} when the organization has no source with this id
 */
export async function revokeWebhookSource(
  ctx: ServiceContext,
  input: RevokeWebhookSourceInput,
): Promise<VisibleWebhookSource> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { id } = parseInput(RevokeWebhookSourceInput, input);
  const { organizationId } = ctx.tenant;
  const { webhookSource } = ctx.db.prisma;
  await webhookSource.updateMany({
    where: { organizationId, id, revokedAt: null },
    data: { revokedAt: ctx.now() },
  });
  const source = await webhookSource.findUnique({
    ...visibleWebhookSource,
    where: { organizationId_id: { organizationId, id } },
  });
  if (source === null) throw new NotFoundError('There is no webhook source with this id.');
  return source;
}
