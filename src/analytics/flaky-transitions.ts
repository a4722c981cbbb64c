import type { FlakyState, TransitionRule } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import { type Asked, during, oneOf, type TimeRange } from './conditions.ts';
import type { Listing } from './listing.ts';

export type FlakyTransitionFilter = Asked<{
  after: readonly FlakyState[];
  rule: readonly TransitionRule[];
  at: TimeRange;
}>;

/** What the gateway thought of one test over time, latest first. */
export const transitionsOfTest: Listing<'FlakyTransition', FlakyTransitionFilter, 'AT'> = {
  model: 'FlakyTransition',
  orderings: { AT: { key: sql`t.at`, type: 'timestamptz' } },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'AT', direction: 'DESC' },
  everything: {},
  where: ({ after, rule, at }): Sql[] => [
    ...oneOf('after', after, 'flaky_state'),
    ...oneOf('rule', rule, 'transition_rule'),
    ...during(sql`t.at`, at),
  ],
};
