import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { query, sql } from '../../src/db/sql.ts';
import { newKey } from './organization.ts';
import { startAuthenticator, startIdentity } from './start-authenticator.ts';

const lastUsedAt = async (db: Database, id: string): Promise<Date | null> =>
  (await db.prisma.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt;

test('the last use of any number of keys is stored in one statement, and never goes back', async () => {
  const { db, clock, operator } = await startIdentity();
  const keys = await Promise.all(Array.from({ length: 20 }, () => newKey(operator, 'READ')));
  const [first] = keys;
  const { authenticate, flush } = startAuthenticator(db, clock);
  const future = new Date(clock.now().getTime() + 60_000);
  await db.prisma.apiKey.updateMany({
    where: { id: first?.apiKey.id ?? '' },
    data: { lastUsedAt: future },
  });
  for (const { secret } of [...keys, ...keys, ...keys]) await authenticate(secret);
  const queries = vi.spyOn(db.pool, 'query');

  await flush();
  await flush();

  expect(queries).toHaveBeenCalledTimes(1);
  const stored = await Promise.all(keys.map(({ apiKey }) => lastUsedAt(db, apiKey.id)));
  expect(stored).toEqual([future, ...Array.from({ length: 19 }, () => clock.now())]);
});

test('last use is stored by itself, and on close', async () => {
  const { db, clock, operator } = await startIdentity();
  const { apiKey, secret } = await newKey(operator, 'READ');
  const flushing = startAuthenticator(db, { ...clock, flushIntervalMs: 5 });

  await flushing.authenticate(secret);
  await vi.waitFor(async () => {
    expect(await lastUsedAt(db, apiKey.id)).toEqual(clock.now());
  });
  clock.advance(1_000);
  await flushing.authenticate(secret);
  await flushing.close();

  expect(await lastUsedAt(db, apiKey.id)).toEqual(clock.now());
});

test('a flush that fails loses nothing: the next one stores it', async () => {
  const { db, clock, operator } = await startIdentity();
  const { apiKey, secret } = await newKey(operator, 'READ');
  const { authenticate, flush } = startAuthenticator(db, clock);
  await authenticate(secret);

  await query(db.pool, sql`ALTER TABLE api_keys RENAME TO hidden`);
  await expect(flush()).rejects.toThrow(/api_keys/);
  await query(db.pool, sql`ALTER TABLE hidden RENAME TO api_keys`);
  await flush();

  expect(await lastUsedAt(db, apiKey.id)).toEqual(clock.now());
});

test('flushes that fail by themselves are logged until one succeeds', async () => {
  const { db, clock, operator } = await startIdentity();
  const { apiKey, secret } = await newKey(operator, 'READ');
  const lines: string[] = [];
  const log = pino({}, { write: (line) => lines.push(line) });
  const { authenticate } = startAuthenticator(db, { ...clock, log, flushIntervalMs: 5 });
  await authenticate(secret);

  await query(db.pool, sql`ALTER TABLE api_keys RENAME TO hidden`);
  clock.advance(1);
  await authenticate(secret);
  await vi.waitFor(() => {
    expect(lines.join()).toContain('last use of API keys not stored yet');
  });
  await query(db.pool, sql`ALTER TABLE hidden RENAME TO api_keys`);

  await vi.waitFor(async () => {
    expect(await lastUsedAt(db, apiKey.id)).toEqual(clock.now());
  });
});

test('two instances that store the last use of the same keys at once do not block each other', async () => {
  const { db, clock, operator } = await startIdentity();
  const keys = await Promise.all(Array.from({ length: 50 }, () => newKey(operator, 'READ')));
  // Enough other keys for Postgres to take ours one by one, in the order in which they are given.
  await query(
    db.pool,
    sql`INSERT INTO api_keys (id, organization_id, name, secret_hash, hint)
        SELECT gen_random_uuid(), ${operator.tenant.organizationId}::uuid, '', sha256(n::text::bytea), ''
        FROM generate_series(1, 20000) AS _ (n)`,
  );
  await query(db.pool, sql`ANALYZE api_keys`);
  const one = startAuthenticator(db, clock);
  const other = startAuthenticator(db, clock);

  for (let round = 0; round < 20; round++) {
    clock.advance(1_000);
    await Promise.all(keys.map(({ secret }) => one.authenticate(secret)));
    await Promise.all(keys.toReversed().map(({ secret }) => other.authenticate(secret)));
    await Promise.all([one.flush(), other.flush()]); // one of them throws when they deadlock
  }

  const ids = keys.map(({ apiKey }) => apiKey.id);
  const where = { id: { in: ids }, lastUsedAt: clock.now() };
  expect(await db.prisma.apiKey.count({ where })).toBe(50);
});
