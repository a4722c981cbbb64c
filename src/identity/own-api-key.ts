import type { ServiceContext } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { visibleApiKey, type VisibleApiKey } from './visible-api-key.ts';

/**
 * Gives the key the caller uses. No capability is needed: whoever holds a key may know what it can do.
 *
 * @throws {NotFoundError} when the caller uses none, as an operator
 */
export async function ownApiKey({ db, tenant }: ServiceContext): Promise<VisibleApiKey> {
  const { organizationId, apiKeyId } = tenant;
  const key = await db.prisma.apiKey.findUnique({
    ...visibleApiKey,
    where: { organizationId, id: apiKeyId },
  });
  if (key === null) throw new NotFoundError('You use no API key.');

  return key;
}
