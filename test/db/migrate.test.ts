import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { migrate, migrationStatus } from '../../src/db/migrate.ts';
import { cleanUp, emptyDatabase, testDatabase } from '../support/test-database.ts';

const log = pino({ enabled: false });

function open(url: string): Database {
  const db = createDatabase(url);
  cleanUp(() => db.close());
  return db;
}

test('of gateways that migrate at once, one applies each migration', async () => {
  const url = await emptyDatabase();
  const databases = [open(url), open(url), open(url), open(url)];

  const applied = await Promise.all(databases.map((db) => migrate(db, log)));

  const status = await migrationStatus(open(url));
  expect(applied.flat().sort()).toEqual(status.map(({ name }) => name));
});

test('migrations are pending before and applied after', async () => {
  const db = open(await emptyDatabase());

  const before = await migrationStatus(db);
  await migrate(db, log);
  const after = await migrationStatus(db);

  expect(new Set(before.map(({ state }) => state))).toEqual(new Set(['pending']));
  expect(new Set(after.map(({ state }) => state))).toEqual(new Set(['applied']));
});

test('a second migrate does nothing', async () => {
  const db = await testDatabase();

  const applied = await migrate(db, log);

  expect(applied).toEqual([]);
});

test('an applied migration whose file changed stops the start by name', async () => {
  const db = await testDatabase();
  await db.pool.query(`UPDATE _prisma_migrations SET checksum = repeat('0', 64)`);

  await expect(migrate(db, log)).rejects.toThrow(/^migration \d+_init was changed after/);
});
