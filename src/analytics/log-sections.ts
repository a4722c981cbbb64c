import { type Sql, sql } from '../db/sql.ts';
import type { Asked } from './conditions.ts';
import type { Listing } from './listing.ts';

export type LogSectionFilter = Asked<{ name: string }>;

/** Sections of a log, in its order. */
export const logSections: Listing<'BuildLogSection', LogSectionFilter, 'POSITION'> = {
  model: 'BuildLogSection',
  orderings: { POSITION: { key: sql`t.position`, type: 'int' } },
  unique: [{ name: 'position', type: 'int' }],
  defaultOrder: { field: 'POSITION', direction: 'ASC' },
  everything: {},
  where: ({ name }): Sql[] => (name == null ? [] : [sql`t.name = ${name}`]),
};
