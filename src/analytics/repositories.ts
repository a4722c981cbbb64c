import { type Sql, sql } from '../db/sql.ts';
import { type Asked, contains, oneOf } from './conditions.ts';
import type { Listing } from './listing.ts';

export type RepositoryListFilter = Asked<{ provider: readonly string[]; text: string }>;

/** Repositories, those first mentioned last first. */
export const repositories: Listing<'Repository', RepositoryListFilter, 'CREATED_AT' | 'NAME'> = {
  model: 'Repository',
  orderings: {
    CREATED_AT: { key: sql`t.created_at`, type: 'timestamptz' },
    NAME: { key: sql`t.slug`, type: 'text' },
  },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'CREATED_AT', direction: 'DESC' },
  everything: {},
  where: ({ provider, text }): Sql[] => [
    ...oneOf('provider', provider),
    ...contains(sql`t.slug`, text),
  ],
};
