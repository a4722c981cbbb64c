import type { Prisma } from '../db/generated/prisma/client.ts';

/** What Prisma reads of a source of webhooks: everything but its secret. */
export const visibleWebhookSource = {
  omit: { sealedSecret: true },
} satisfies Prisma.WebhookSourceDefaultArgs;

/** A source of webhooks as its organization sees it. */
export type VisibleWebhookSource = Prisma.WebhookSourceGetPayload<typeof visibleWebhookSource>;
