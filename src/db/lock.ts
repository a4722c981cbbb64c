import { type Queryable, query, sql } from './sql.ts';

/**
 * Waits until this transaction alone holds all names, until it ends. Taken in the order of the names,
 * so that two transactions never wait for each other.
 */
export async function lockNames(tx: Queryable, names: readonly string[]): Promise<void> {
  const sorted = [...new Set(names)].sort();
  await query(
    tx,
    sql`SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
      FROM unnest(${sorted}::text[]) WITH ORDINALITY AS names (name, place) ORDER BY place`,
  );
}

/**
 * Waits until nobody holds one of the names alone; others may share them. Taken in the order given: kinds of
 * names have an order of their own, see `src/ingest/lock-order.ts`.
 */
export async function shareNames(tx: Queryable, names: readonly string[]): Promise<void> {
  await query(
    tx,
    sql`SELECT pg_advisory_xact_lock_shared(hashtextextended(name, 0))
      FROM unnest(${[...new Set(names)]}::text[]) WITH ORDINALITY AS names (name, place) ORDER BY place`,
  );
}
