import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { createDatabase } from '../src/db/client.ts';
import { startEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { migrate } from '../src/db/migrate.ts';

const log = pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true }));

/**
 * Hands the URL of a new database that has all migrations, and nothing else, to `work`; then removes it.
 * It is made on the server of DATABASE_URL, else on an embedded Postgres of its own.
 */
export async function withMigratedDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined) {
    await withDatabase(given, work);
    return;
  }
  const dataDir = await mkdtemp(path.join(tmpdir(), 'buildatlas-scratch-'));
  const server = await startEmbeddedPostgres({ dataDir, log, settings: { fsync: 'off' } });
  try {
    await withDatabase(server.url, work);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true });
  }
}

async function withDatabase(
  serverUrl: string,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const name = `buildatlas_scratch_${randomBytes(8).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await runOn(serverUrl, `CREATE DATABASE ${name}`);
  try {
    const db = createDatabase(url.href);
    await migrate(db, log);
    await db.close();
    await work(url.href);
  } finally {
    await runOn(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function runOn(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
