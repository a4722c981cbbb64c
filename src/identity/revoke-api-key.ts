import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { Prisma } from '../db/generated/prisma/client.ts';
import { parseInput } from '../domain/parse-input.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { KEYS_CHANNEL } from './keys-channel.ts';
import { requireCapability } from './require-capability.ts';
import { visibleApiKey, type VisibleApiKey } from './visible-api-key.ts';
import { isWorking, whereWorking } from './working-api-keys.ts';

const RevokeApiKeyInput = z.object({
  id: z.string(),
  evenIfLastAdmin: z.boolean().nullish(),
});

/** The key's id, and `evenIfLastAdmin` to leave the organization without a working admin key. */
export type RevokeApiKeyInput = z.input<typeof RevokeApiKeyInput>;

export interface RevokeApiKeyOptions {
  /** The authenticator's `forget`, so that this instance need not wait for its own notification. */
  readonly forget?: (apiKeyId: string) => void;
}

/**
 * Revokes a key of the caller's organization and gives it. Revoking again changes nothing.
 *
 * The key stops working at once on this instance (through `forget`) and, by a Postgres notification
 * sent with the commit, on all others; an instance that misses it stops within 5 seconds.
 *
 * @throws {ForbiddenError} without the `ADMIN` capability
 * @throws {NotFoundError} when the organization has no key with this id
 * @throws {ConflictError} for the last working admin key, unless `evenIfLastAdmin` is true
 */
export async function revokeApiKey(
  ctx: ServiceContext,
  input: RevokeApiKeyInput,
  { forget }: RevokeApiKeyOptions = {},
): Promise<VisibleApiKey> {
  requireCapability(ctx.tenant, 'ADMIN');
  const { id, evenIfLastAdmin } = parseInput(RevokeApiKeyInput, input);
  if (!z.guid().safeParse(id).success) throw notFound();

  const { organizationId } = ctx.tenant;
  const revoked = await ctx.db.prisma.$transaction(async (tx) => {
    await lockKeysOfOrganization(tx, organizationId);
    const key = await tx.apiKey.findUnique({ ...visibleApiKey, where: { organizationId, id } });
    if (key === null) throw notFound();
    if (key.revokedAt !== null) return key;
    if (evenIfLastAdmin !== true) await refuseLastAdmin(tx, key, ctx.now());

    await tx.$executeRaw`SELECT pg_notify(${KEYS_CHANNEL}, ${key.id})`;
    return tx.apiKey.update({
      ...visibleApiKey,
      where: { organizationId, id },
      data: { revokedAt: ctx.now() },
    });
  });
  forget?.(revoked.id);
  return revoked;
}

const notFound = (): NotFoundError => new NotFoundError('There is no API key with this id.');

/** Two admins who revoke each other's keys at once: the second must see what the first did. */
async function lockKeysOfOrganization(
  tx: Prisma.TransactionClient,
  organizationId: string,
): Promise<void> {
  // NO KEY: ingest, whose rows refer to the organization, does not wait for this lock.
  await tx.$executeRaw`
    SELECT FROM organizations WHERE id = ${organizationId}::uuid FOR NO KEY UPDATE`;
}

async function refuseLastAdmin(
  tx: Prisma.TransactionClient,
  key: VisibleApiKey,
  at: Date,
): Promise<void> {
  if (!key.capabilities.includes('ADMIN') || !isWorking(key, at)) return;
  const { organizationId, id } = key;
  const others = await tx.apiKey.count({
    where: { organizationId, id: { not: id }, capabilities: { has: 'ADMIN' }, ...whereWorking(at) },
  });
  if (others > 0) return;

  throw new ConflictError(
    'This is the last working admin key of the organization. Create another admin key first, or ' +
      'repeat this with evenIfLastAdmin; then only an operator can create keys (buildatlas keys create).',
  );
}
