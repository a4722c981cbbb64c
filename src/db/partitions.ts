import type pg from 'pg';
import { query, sql } from './sql.ts';
import { dayMs } from '../domain/time.ts';

/** Makes sure that months of `test_results` have a partition before rows are written to them. */
export interface Partitions {
  /** Ready when rows of all these instants have a place. Older than 13 months is the default partition's. */
  ensure(instants: Iterable<Date>): Promise<void>;
}

const monthsKept = 13;

/**
 * Remembers which months are ready, so that a write asks Postgres once a month. Partitions are made
 * outside of the transaction that writes: attaching one waits for others to end.
 */
export function createPartitions(pool: pg.Pool, now: () => Date): Partitions {
  const ready = new Set<string>();

  return {
    ensure: async (instants) => {
      // Whole months: a partition cannot be made for a month that has rows in the default one.
      const today = now();
      const oldest = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - monthsKept));
      const missing = new Map<string, Date>();
      for (const instant of onePerDay(instants)) {
        const month = instant.toISOString().slice(0, 7);
        if (instant >= oldest && !ready.has(month)) missing.set(month, instant);
      }
      for (const [month, instant] of missing) {
        await query(pool, sql`SELECT ensure_test_results_partition(${instant}::timestamptz)`);
        ready.add(month);
      }
    },
  };
}

/** Thousands of results mostly ran on one day. */
function onePerDay(instants: Iterable<Date>): Iterable<Date> {
  const days = new Map<number, Date>();
  for (const instant of instants) days.set(Math.floor(instant.getTime() / dayMs), instant);
  return days.values();
}
