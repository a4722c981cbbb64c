import { randomBytes } from 'node:crypto';
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { pino } from 'pino';

/** Gives the URL of another database on the same server. */
export function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs statements one by one on a connection of their own (CREATE DATABASE allows no company). */
export async function onServer(serverUrl: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const silent = new Logger(() => () => undefined);

/** A name no other run uses, so that runs can share a server. */
export function newDatabaseName(): string {
  return `buildatlas_${randomBytes(8).toString('hex')}`;
}

/** Makes an empty, migrated database that tests copy. */
export async function createTemplate(serverUrl: string) {
  // Loaded late: these stand on the generated Prisma client.
  const { createDatabase } = await import('../../src/db/client.ts');
  const { migrate } = await import('../../src/db/migrate.ts');
  const name = newDatabaseName();
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const db = createDatabase(urlOf(serverUrl, name));
  await migrate(db, pino({ enabled: false }));
  await db.close();
  // The queue, which a gateway's jobs make when they start: tests start them only where they are tested.
  await runMigrations({ connectionString: db.url, schema: 'graphile_worker', logger: silent });

  return { name, drop: () => onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}
