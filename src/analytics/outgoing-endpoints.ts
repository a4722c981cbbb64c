import { type Sql, sql } from '../db/sql.ts';
import { type Asked, inRepository, type RepositoryFilter } from './conditions.ts';
import type { Listing } from './listing.ts';

export type WebhookEndpointFilter = Asked<RepositoryFilter & { isDisabled: boolean }>;

/** Where webhooks are sent, what was made last first. */
export const webhookEndpoints: Listing<'WebhookEndpoint', WebhookEndpointFilter, 'CREATED_AT'> = {
  model: 'WebhookEndpoint',
  orderings: { CREATED_AT: { key: sql`t.created_at`, type: 'timestamptz' } },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'CREATED_AT', direction: 'DESC' },
  everything: {},
  where: ({ isDisabled, ...repository }): Sql[] => [
    ...inRepository(repository),
    ...(isDisabled == null ? [] : [sql`(t.disabled_at IS NOT NULL) = ${isDisabled}::boolean`]),
  ],
};
