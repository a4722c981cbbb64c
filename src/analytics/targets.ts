import type { TargetStatus } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import { type Asked, oneOf } from './conditions.ts';
import type { Listing } from './listing.ts';

export type TargetFilter = Asked<{ status: readonly TargetStatus[] }>;

/** Targets of an invocation, by label. */
export const targets: Listing<'Target', TargetFilter, 'LABEL'> = {
  model: 'Target',
  orderings: { LABEL: { key: sql`t.label`, type: 'text' } },
  unique: [{ name: 'label', type: 'text' }],
  defaultOrder: { field: 'LABEL', direction: 'ASC' },
  everything: {},
  where: (filter): Sql[] => oneOf('status', filter.status, 'target_status'),
};
