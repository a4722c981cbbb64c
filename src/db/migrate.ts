import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Logger } from 'pino';
import { OperatorError } from '../operator-error.ts';
import type { Database } from './client.ts';
import { type Migration, readMigrations } from './migrations-dir.ts';
import { inTransaction, type Queryable, query, sql } from './sql.ts';

export interface MigrationStatus {
  readonly name: string;
  /**
   * `changed`: applied, and its file is another one now. `failed`: a run of `prisma migrate` that was
   * cut off. `unknown`: applied by a newer version of Buildatlas.
   */
  readonly state: 'applied' | 'pending' | 'changed' | 'failed' | 'unknown';
  /** When it was applied; null when it was not. */
  readonly appliedAt: Date | null;
}

interface Applied {
  readonly name: string;
  readonly checksum: string;
  readonly finishedAt: Date | null;
}

/**
 * Applies the migrations that are pending, each in one transaction, in Prisma's own table, under
 * Prisma's own advisory lock: several gateways may start at once, and `prisma migrate deploy` sees
 * what it would have done itself.
 *
 * @returns the names of those that this call applied
 * @throws {OperatorError} naming a migration that failed, or that changed after it was applied
 */
export async function migrate({ pool }: Pick<Database, 'pool'>, log: Logger): Promise<string[]> {
  const migrations = await readMigrations();
  const done: string[] = [];
  for (;;) {
    const name = await inTransaction(pool, (tx) => applyNext(tx, migrations, log));
    if (name === undefined) return done;
    log.info({ migration: name }, 'migration applied');
    done.push(name);
  }
}

/** What is applied and what is not, by name. */
export async function migrationStatus({
  pool,
}: Pick<Database, 'pool'>): Promise<MigrationStatus[]> {
  return statusOf(await readMigrations(), await readApplied(pool));
}

/** One step under the lock, which the end of the transaction frees: works through a pooler too. */
async function applyNext(
  tx: Queryable,
  migrations: readonly Migration[],
  log: Logger,
): Promise<string | undefined> {
  const lock = await query<{ mine: boolean }>(
    tx,
    sql`SELECT pg_try_advisory_xact_lock(72707369) AS mine`,
  );
  if (lock[0]?.mine !== true) {
    log.info('waiting for another process that migrates this database');
    await query(tx, sql`SELECT pg_advisory_xact_lock(72707369)`);
  }
  const status = statusOf(migrations, await readApplied(tx));
  assertMendable(status);
  const pending = status.find(({ state }) => state === 'pending');
  const next = migrations.find(({ name }) => name === pending?.name);
  if (next === undefined) return undefined;

  await apply(tx, next);
  return next.name;
}

async function apply(tx: Queryable, { name, script, checksum }: Migration): Promise<void> {
  const startedAt = new Date();
  await query(
    tx,
    sql`CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id varchar(36) PRIMARY KEY,
      checksum varchar(64) NOT NULL,
      finished_at timestamptz,
      migration_name varchar(255) NOT NULL,
      logs text,
      rolled_back_at timestamptz,
      started_at timestamptz NOT NULL DEFAULT now(),
      applied_steps_count integer NOT NULL DEFAULT 0
    )`,
  );
  try {
    await tx.query(script);
  } catch (error) {
    throw new OperatorError(`migration ${name} failed, nothing of it was kept: ${String(error)}`);
  }
  await query(
    tx,
    sql`INSERT INTO _prisma_migrations
      (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
      VALUES (${randomUUID()}, ${checksum}, ${name}, ${startedAt}, clock_timestamp(), 1)`,
  );
}

async function readApplied(on: Queryable | pg.Pool): Promise<Applied[]> {
  const [table] = await query<{ there: boolean }>(
    on,
    sql`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`,
  );
  if (table?.there !== true) return [];

  return query<Applied>(
    on,
    sql`SELECT migration_name AS name, checksum, finished_at AS "finishedAt"
      FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );
}

function statusOf(
  migrations: readonly Migration[],
  applied: readonly Applied[],
): MigrationStatus[] {
  const known = new Set(migrations.map(({ name }) => name));
  const ours = migrations.map(({ name, checksum }): MigrationStatus => {
    const row = applied.find((candidate) => candidate.name === name);
    if (row === undefined) return { name, state: 'pending', appliedAt: null };
    if (row.finishedAt === null) return { name, state: 'failed', appliedAt: null };
    const state = row.checksum === checksum ? 'applied' : 'changed';
    return { name, state, appliedAt: row.finishedAt };
  });
  const newer = applied
    .filter(({ name }) => !known.has(name))
    .map(({ name, finishedAt }) => ({ name, state: 'unknown', appliedAt: finishedAt }) as const);

  return [...ours, ...newer];
}

function assertMendable(status: readonly MigrationStatus[]): void {
  const changed = status.find(({ state }) => state === 'changed');
  if (changed !== undefined) {
    throw new OperatorError(
      `migration ${changed.name} was changed after it was applied: ` +
        'use the Buildatlas that matches this database, or an empty database',
    );
  }
  const failed = status.find(({ state }) => state === 'failed');
  if (failed === undefined) return;
  throw new OperatorError(
    `migration ${failed.name} failed when Prisma applied it: mend the database, then run ` +
      `prisma migrate resolve (--applied or --rolled-back) ${failed.name}`,
  );
}
