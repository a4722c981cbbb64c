import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { inTransaction, query, sql } from '../../src/db/sql.ts';
import { UnauthenticatedError } from '../../src/errors.ts';
import { revokeApiKey } from '../../src/identity/revoke-api-key.ts';
import { newKey } from './organization.ts';
import { startAuthenticator, startIdentity, startOtherInstance } from './start-authenticator.ts';

const refusal = new UnauthenticatedError('The API key is missing, unknown, revoked or expired.');

/** Begins each step a moment after the one before it, while no look-up of a key can end. */
async function whileKeysAreLocked(
  db: Database,
  steps: readonly (() => Promise<unknown>)[],
): Promise<void> {
  const { running } = await inTransaction(db.pool, async (tx) => {
    await query(tx, sql`LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE`);
    const begun: Promise<unknown>[] = [];
    for (const step of steps) {
      begun.push(step());
      await sleep(20);
    }
    return { running: begun };
  });
  await Promise.all(running);
}

test('requests that come while a key is looked up share the look-up, and the next 5 seconds need none', async () => {
  const { db, clock, operator } = await startIdentity();
  const { secret } = await newKey(operator, 'READ');
  const { authenticate } = startAuthenticator(db, clock);
  const queries = vi.spyOn(db.pool, 'query');

  await whileKeysAreLocked(db, [
    () => authenticate(secret),
    () => authenticate(secret),
    () => authenticate(secret),
  ]);
  clock.advance(4_999);
  await authenticate(secret);
  expect(queries).toHaveBeenCalledTimes(1);

  clock.advance(1);
  await authenticate(secret);
  expect(queries).toHaveBeenCalledTimes(2);
});

test('a revoked key stops at once where it was revoked and, by notification, everywhere else', async () => {
  const { db, clock, operator } = await startIdentity();
  const { apiKey, secret } = await newKey(operator, 'READ');
  const here = startAuthenticator(db, clock);
  const there = await startOtherInstance(db.url, clock.now);
  await here.authenticate(secret);
  await there.authenticate(secret);

  await revokeApiKey(operator, { id: apiKey.id }, here);

  await expect(here.authenticate(secret)).rejects.toThrow(refusal);
  // The clock stands still, so nothing here is due to age.
  await vi.waitFor(() => expect(there.authenticate(secret)).rejects.toThrow(refusal), 2_000);
});

test('an instance that misses the notification accepts a revoked key for less than 5 seconds', async () => {
  const { db, clock, operator } = await startIdentity();
  const { apiKey, secret } = await newKey(operator, 'READ');
  const { authenticate } = startAuthenticator(db, clock);
  await authenticate(secret);

  await revokeApiKey(operator, { id: apiKey.id });

  clock.advance(4_999);
  await expect(authenticate(secret)).resolves.toBeDefined();
  clock.advance(1);
  await expect(authenticate(secret)).rejects.toThrow(refusal);
});

test('a look-up that began before a revocation is not shared after it', async () => {
  const { db, clock, operator } = await startIdentity();
  const { apiKey, secret } = await newKey(operator, 'READ');
  const { authenticate, forget } = startAuthenticator(db, clock);
  const queries = vi.spyOn(db.pool, 'query');

  await whileKeysAreLocked(db, [
    () => authenticate(secret),
    () => {
      forget(apiKey.id);
      return authenticate(secret);
    },
  ]);

  expect(queries).toHaveBeenCalledTimes(2);
});

test('a look-up that began before a revocation is not cached after it', async () => {
  const { db, clock, operator } = await startIdentity();
  const { apiKey, secret } = await newKey(operator, 'READ');
  const { authenticate, forget } = startAuthenticator(db, clock);
  const queries = vi.spyOn(db.pool, 'query');

  await whileKeysAreLocked(db, [
    () => authenticate(secret),
    () => {
      forget(apiKey.id);
      return Promise.resolve();
    },
  ]);
  await authenticate(secret);

  expect(queries).toHaveBeenCalledTimes(2);
});
