import { longestRunMs } from '../domain/longest-run.ts';
import { type Sql, sql } from './sql.ts';

/** A run time as totals count it: 35 days at most, null when unknown. */
export function boundedRun(duration: Sql, unit: 'ms' | 'us'): Sql {
  const longest = sql`${unit === 'ms' ? longestRunMs : longestRunMs * 1_000}::bigint`;
  return sql`CASE WHEN ${duration} > ${longest} THEN ${longest} ELSE ${duration} END`; // LEAST would make null the longest
}
