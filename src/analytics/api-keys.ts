import { type Sql, sql } from '../db/sql.ts';
import type { Listing } from './listing.ts';

/** Keys of an organization, revoked and expired ones too, newest first. */
export const apiKeys: Listing<'ApiKey', Record<string, never>, 'CREATED_AT'> = {
  model: 'ApiKey',
  orderings: { CREATED_AT: { key: sql`t.created_at`, type: 'timestamptz' } },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'CREATED_AT', direction: 'DESC' },
  everything: {},
  where: (): Sql[] => [],
};
