import { sql } from '../db/sql.ts';
import type { Asked } from './conditions.ts';
import type { Listing } from './listing.ts';

export type CoverageFileFilter = Asked<object>;

/** Source files of a coverage report, by path: their position is their place among the sorted paths. */
export const coverageFiles: Listing<'CoverageFile', CoverageFileFilter, 'PATH'> = {
  model: 'CoverageFile',
  orderings: { PATH: { key: sql`t.position`, type: 'int' } },
  unique: [{ name: 'position', type: 'int' }],
  defaultOrder: { field: 'PATH', direction: 'ASC' },
  everything: {},
  where: () => [],
};
