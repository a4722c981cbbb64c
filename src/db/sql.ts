import type pg from 'pg';
import { storableText } from '../domain/text.ts';
import { Prisma } from './generated/prisma/client.ts';

/**
 * Tagged template for SQL: values become parameters, fragments nest. There is no other way to make a
 * statement here, so no input is ever part of its text.
 */
export const sql = Prisma.sql;
export const join = Prisma.join;
export const empty = Prisma.empty;
/** Text that goes into the statement as it stands: constants of ours only, never input. */
export const verbatim = Prisma.raw;
export type Sql = Prisma.Sql;

/** What runs statements: the pool, or one connection inside a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/**
 * Runs one statement. The type of its rows is the caller's claim about the statement it wrote.
 *
 * @param name prepares the statement under this name, which must be its own on every connection
 */
export async function query<Row extends object>(
  on: Queryable,
  statement: Sql,
  name?: string,
): Promise<Row[]> {
  const { text, values } = statement;
  const config = { text, values: values.map(storable), ...(name === undefined ? {} : { name }) };
  const { rows } = await on.query<Row>(config);
  return rows;
}

/** A filter may hold what Postgres cannot take; it is asked for as it would have been stored. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? storableText(value) : value;
  return Array.isArray(value) ? value.map(storable) : value;
}

const triesAtMost = 3;

/**
 * Runs `work` in one transaction on one connection; whatever it throws rolls everything back. When Postgres
 * gives up one of two transactions that wait for each other, it is run again: `work` does nothing else.
 */
export function inTransaction<Result>(
  pool: pg.Pool,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  return onConnection(pool, (client) => retried(client, 'BEGIN', work));
}

/**
 * The same for what one transaction at a time may do: waits until nobody else holds `lock`, then all statements read
 * what was committed when the first of them began. The session holds the lock, since a transaction that waited for it
 * would read what there was before the wait.
 */
export function inSnapshot<Result>(
  pool: pg.Pool,
  lock: string,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  return onConnection(pool, async (client) => {
    await query(client, sql`SELECT pg_advisory_lock(hashtextextended(${lock}, 0))`);
    try {
      return await retried(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ', work);
    } finally {
      await query(client, sql`SELECT pg_advisory_unlock(hashtextextended(${lock}, 0))`);
    }
  });
}

/** The pool takes no broken connection back. */
async function onConnection<Result>(
  pool: pg.Pool,
  work: (client: Queryable) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

async function retried<Result>(
  client: Queryable,
  begin: 'BEGIN' | 'BEGIN ISOLATION LEVEL REPEATABLE READ',
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    await client.query(begin);
    try {
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined); // fails where the connection is gone: `error` says so
      if (tries >= triesAtMost || !isGivenUp(error)) throw error;
    }
  }
}

/** Deadlock detected, or a serialization failure. */
function isGivenUp(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['40P01', '40001'].includes(String(error.code))
  );
}
