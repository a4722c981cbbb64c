import { type Sql, sql } from '../db/sql.ts';
import type { Asked } from './conditions.ts';
import type { Listing } from './listing.ts';

export type ReportFileFilter = Asked<{ hasProblem: boolean }>;

/** Files of an upload, in the order in which they were read. */
export const reportFiles: Listing<'ReportFile', ReportFileFilter, 'POSITION'> = {
  model: 'ReportFile',
  orderings: { POSITION: { key: sql`t.position`, type: 'int' } },
  unique: [{ name: 'position', type: 'int' }],
  defaultOrder: { field: 'POSITION', direction: 'ASC' },
  everything: {},
  where: ({ hasProblem }): Sql[] =>
    hasProblem == null ? [] : [hasProblem ? sql`t.problem IS NOT NULL` : sql`t.problem IS NULL`],
};
