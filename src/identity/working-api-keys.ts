import type { Prisma } from '../db/generated/prisma/client.ts';
import type { ApiKey } from '../db/generated/prisma/client.ts';

/** Says whether a key works at this moment: neither revoked nor expired. */
export function isWorking(key: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, at: Date): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > at);
}

/** Gives the filter for the same keys in the database. */
export function whereWorking(at: Date): Prisma.ApiKeyWhereInput {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: at } }] };
}
