import type { FindingSeverity } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import { type Asked, equals, oneOf } from './conditions.ts';
import type { Listing } from './listing.ts';

export type SecurityFindingFilter = Asked<{
  severity: readonly FindingSeverity[];
  isSuppressed: boolean;
}>;

/** Findings of a security report, in its order. */
export const securityFindings: Listing<'SecurityFinding', SecurityFindingFilter, 'POSITION'> = {
  model: 'SecurityFinding',
  orderings: { POSITION: { key: sql`t.position`, type: 'int' } },
  unique: [{ name: 'position', type: 'int' }],
  defaultOrder: { field: 'POSITION', direction: 'ASC' },
  everything: {},
  where: (filter): Sql[] => [
    ...oneOf('severity', filter.severity, 'finding_severity'),
    ...equals('isSuppressed', filter.isSuppressed, 'boolean'),
  ],
};
