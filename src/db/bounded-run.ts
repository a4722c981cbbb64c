import { type Sql, sql } from './sql.ts';
import { dayMs } from '../domain/time.ts';

/** Longer runs count as 35 days in totals, the longest that a build lasts: no sum leaves 64 bits. */
const longestRunMs = 35 * dayMs;

/** A run time as totals count it; null when unknown. */
export function boundedRun(duration: Sql, unit: 'ms' | 'us'): Sql {
  const longest = sql`${unit === 'ms' ? longestRunMs : longestRunMs * 1_000}::bigint`;
  return sql`CASE WHEN ${duration} > ${longest} THEN ${longest} ELSE ${duration} END`; // LEAST would make null the longest
}
