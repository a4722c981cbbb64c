import type { ServiceContext } from '../context.ts';
import { requireCapability } from './require-capability.ts';
import { visibleApiKey, type VisibleApiKey } from './visible-api-key.ts';

/**
 * Gives every key of the caller's organization, revoked and expired ones too, newest first.
 *
 * @throws {ForbiddenError} without the `ADMIN` capability
 */
export async function listApiKeys(ctx: ServiceContext): Promise<VisibleApiKey[]> {
  requireCapability(ctx.tenant, 'ADMIN');

  return ctx.db.prisma.apiKey.findMany({
    ...visibleApiKey,
    where: { organizationId: ctx.tenant.organizationId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
}
