import { inspect } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { query, sql } from '../../src/db/sql.ts';
import { UnauthenticatedError } from '../../src/errors.ts';
import { createApiKey } from '../../src/identity/create-api-key.ts';
import { revokeApiKey } from '../../src/identity/revoke-api-key.ts';
import { hashSecret } from '../../src/identity/secret.ts';
import { testDatabase } from '../support/test-database.ts';
import { newKey, tenantOf } from './organization.ts';
import { startAuthenticator, startIdentity } from './start-authenticator.ts';

const refusal = new UnauthenticatedError('The API key is missing, unknown, revoked or expired.');

let shared: Database;
beforeAll(async () => {
  shared = await testDatabase();
});
afterEach(() => {
  vi.restoreAllMocks();
});

test('a key gives its tenant, with blanks around it trimmed', async () => {
  const { db, clock, operator } = await startIdentity(shared);
  const key = await newKey(operator, 'INGEST', 'EXECUTE');
  const { authenticate } = startAuthenticator(db, clock);

  expect(await authenticate(` ${key.secret}\t`)).toEqual(tenantOf(key));
  expect(await authenticate(key.secret)).toEqual(tenantOf(key));
});

test.each(['bp_' + 'f'.repeat(64), 'bb_live_x', 'AbC123xyzAbC123xyz42', 'k', '~'.repeat(512)])(
  'an imported key of another shape works: %s',
  async (secret) => {
    const { db, clock, operator } = await startIdentity(shared);
    const { apiKey } = await newKey(operator, 'READ');
    const data = { secretHash: hashSecret(secret) };
    await db.prisma.apiKey.update({ where: { id: apiKey.id }, data });

    const tenant = await startAuthenticator(db, clock).authenticate(secret);

    expect(tenant.apiKeyId).toBe(apiKey.id);
  },
);

test('what cannot be a key is refused without a look-up', async () => {
  const { db, clock } = await startIdentity(shared);
  const { authenticate } = startAuthenticator(db, clock);
  const queries = vi.spyOn(db.pool, 'query');

  for (const junk of ['', '  ', 'a\u0000b', 'a\nb', '\u001b[31m', 'é', 'x'.repeat(513)]) {
    await expect(authenticate(junk)).rejects.toThrow(refusal);
  }
  await expect(authenticate('y'.repeat(50_000_000))).rejects.toThrow(refusal);

  expect(queries).not.toHaveBeenCalled();
});

test('unknown, revoked and expired keys are refused with the same words', async () => {
  const { db, clock, operator } = await startIdentity(shared);
  const { authenticate } = startAuthenticator(db, clock);
  const revoked = await newKey(operator, 'READ');
  await revokeApiKey(operator, { id: revoked.apiKey.id });
  const expiresAt = new Date(clock.now().getTime() + 1_000);
  const expiring = await createApiKey(operator, { name: 'e', capabilities: ['READ'], expiresAt });
  const nearMiss = (await newKey(operator, 'READ')).secret.replace(/.$/, 'x');

  await expect(authenticate(expiring.secret)).resolves.toBeDefined();
  clock.advance(999);
  await expect(authenticate(expiring.secret)).resolves.toBeDefined();
  clock.advance(1);
  for (const secret of ['0'.repeat(40), nearMiss, revoked.secret, expiring.secret]) {
    await expect(authenticate(secret)).rejects.toThrow(refusal);
  }
});

test('a row whose hash differs from the presented key is refused, however it was found', async () => {
  const { db, clock, operator } = await startIdentity(shared);
  const { apiKey, secret } = await newKey(operator, 'READ');
  const { authenticate } = startAuthenticator(db, clock);
  const row = await db.prisma.apiKey.findUniqueOrThrow({ where: { id: apiKey.id } });
  const find = vi.spyOn(db.prisma.apiKey, 'findUnique');
  find.mockResolvedValue({ ...row, secretHash: hashSecret('other') });

  await expect(authenticate(secret)).rejects.toThrow(refusal);
});

test('a key that was unknown a moment ago works as soon as it exists', async () => {
  const { db, clock, operator } = await startIdentity(shared);
  const { authenticate } = startAuthenticator(db, clock);
  const secret = 'made-elsewhere';
  const { apiKey } = await newKey(operator, 'READ');

  await expect(authenticate(secret)).rejects.toThrow(refusal);
  const data = { secretHash: hashSecret(secret) };
  await db.prisma.apiKey.update({ where: { id: apiKey.id }, data });

  await expect(authenticate(secret)).resolves.toMatchObject({ apiKeyId: apiKey.id });
});

test('a database that is down is not taken for a wrong key', async () => {
  const { clock } = await startIdentity(shared);
  const db = createDatabase('postgresql://nobody@127.0.0.1:1/nothing');
  onTestFinished(() => db.close());

  const failed = startAuthenticator(db, clock).authenticate('a'.repeat(40));

  await expect(failed).rejects.toThrow();
  await expect(failed).rejects.not.toThrow(UnauthenticatedError);
});

test('no secret and no hash is in any log line or error', async () => {
  const { db, clock, operator } = await startIdentity(shared);
  const { secret } = await newKey(operator, 'READ');
  const seen: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line) => seen.push(line) });
  const { authenticate, flush } = startAuthenticator(db, { ...clock, log });
  const unknown = 'deadbeefdeadbeefdeadbeefdeadbeefdeadbeef';
  await authenticate(secret);
  await query(db.pool, sql`ALTER TABLE api_keys RENAME TO hidden`);

  await flush().catch((error: unknown) => seen.push(inspect(error)));
  clock.advance(5_000);
  for (const presented of [secret, unknown, `${unknown}\u0000`]) {
    await authenticate(presented).catch((error: unknown) => seen.push(inspect(error)));
  }
  await query(db.pool, sql`ALTER TABLE hidden RENAME TO api_keys`);
  await authenticate(unknown).catch((error: unknown) => seen.push(inspect(error)));

  expect(seen).toHaveLength(5);
  for (const private_ of [secret, unknown]) {
    expect(seen.join()).not.toContain(private_);
    expect(seen.join()).not.toContain(hashSecret(private_).toString('hex'));
    expect(seen.join()).not.toContain(hashSecret(private_).toString('base64'));
  }
});
