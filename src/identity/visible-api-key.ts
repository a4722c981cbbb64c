import type { Prisma } from '../db/generated/prisma/client.ts';

/** What Prisma reads of a key: everything but the hash of its secret, which only `authenticate` needs. */
export const visibleApiKey = { omit: { secretHash: true } } satisfies Prisma.ApiKeyDefaultArgs;

/** A key as its organization's admins see it. */
export type VisibleApiKey = Prisma.ApiKeyGetPayload<typeof visibleApiKey>;
