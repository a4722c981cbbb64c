import type { WebhookProvider } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import { type Asked, oneOf } from './conditions.ts';
import type { Listing } from './listing.ts';

export type WebhookSourceFilter = Asked<{
  provider: readonly WebhookProvider[];
  isRevoked: boolean;
}>;

/** Sources of webhooks, those made last first. */
export const webhookSources: Listing<'WebhookSource', WebhookSourceFilter, 'CREATED_AT'> = {
  model: 'WebhookSource',
  orderings: { CREATED_AT: { key: sql`t.created_at`, type: 'timestamptz' } },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'CREATED_AT', direction: 'DESC' },
  everything: {},
  where: ({ provider, isRevoked }): Sql[] => [
    ...oneOf('provider', provider, 'webhook_provider'),
    ...(isRevoked == null ? [] : [sql`(t.revoked_at IS NOT NULL) = ${isRevoked}::boolean`]),
  ],
};
