import { timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import type { Tenant } from '../context.ts';
import type { Database } from '../db/client.ts';
import { UnauthenticatedError } from '../errors.ts';
import { createKeyCache, type CachedKey } from './key-cache.ts';
import { KEYS_CHANNEL } from './keys-channel.ts';
import { createLastUsed } from './last-used.ts';
import { hashSecret } from './secret.ts';
import { isWorking } from './working-api-keys.ts';

const MAX_KEY_LENGTH = 512;
const PRINTABLE = /^[\x20-\x7e]+$/;
const CACHED_KEYS = 1_000;
const CACHED_FOR_MS = 5_000;
const FLUSH_INTERVAL_MS = 10_000;

/** Turns presented keys into tenants, for every door of one instance. */
export interface Authenticator {
  /**
   * Gives the tenant of a key.
   *
   * @throws {UnauthenticatedError} when the key is malformed, unknown, revoked or expired: one message
   *   for all, so that it tells nothing about the key
   */
  readonly authenticate: (presentedKey: string) => Promise<Tenant>;
  /** Looks the key with this id up again at its next use. */
  readonly forget: (apiKeyId: string) => void;
  /** Stores when keys were last used; happens by itself every 10 seconds. When it throws, the next one stores it. */
  readonly flush: () => Promise<void>;
  /** Stores when keys were last used and stops listening for revocations. */
  readonly close: () => Promise<void>;
}

export interface AuthenticatorOptions {
  readonly log: Logger;
  readonly now: () => Date;
  /** Calls back for each notification on a Postgres channel; gives the way to stop. */
  readonly subscribe: (channel: string, onPayload: (payload: string) => void) => () => void;
  /** Time between two writes of `last_used_at`, in milliseconds. Default 10,000. */
  readonly flushIntervalMs?: number;
}

/**
 * Makes the authenticator of an instance. Keys that work are cached for at most 5 seconds (1,000 of
 * them), and expire on time all the same. A revocation ends the caching at once on the instance that
 * calls `forget` and, by notification, on all others; should one miss the notification (its LISTEN
 * connection is down), a revoked key works there for 5 seconds at most. Keys that do not work are never
 * cached, so that a new key works at once and guessing fills no memory.
 */
export function createAuthenticator(db: Database, options: AuthenticatorOptions): Authenticator {
  const { log, now, subscribe, flushIntervalMs = FLUSH_INTERVAL_MS } = options;
  const lookUp = createKeyLookUp(db, now);
  const lastUsed = createLastUsed(db, { log, flushIntervalMs });
  const unsubscribe = subscribe(KEYS_CHANNEL, lookUp.forget);

  return {
    authenticate: async (presentedKey) => {
      const secret = presentedKey.trim();
      if (secret.length > MAX_KEY_LENGTH || !PRINTABLE.test(secret)) throw unauthenticated();
      const hash = hashSecret(secret);
      const key = await lookUp.find(hash);
      const at = now();
      if (key === null || !timingSafeEqual(key.secretHash, hash) || !isWorking(key, at)) {
        throw unauthenticated();
      }

      lastUsed.record(key.id, at);
      return {
        organizationId: key.organizationId,
        apiKeyId: key.id,
        capabilities: key.capabilities,
      };
    },
    forget: lookUp.forget,
    flush: lastUsed.flush,
    close: async () => {
      unsubscribe();
      await lastUsed.close();
    },
  };
}

const unauthenticated = (): UnauthenticatedError =>
  new UnauthenticatedError('The API key is missing, unknown, revoked or expired.');

/** Finds keys by hash, with the cache in front; simultaneous look-ups of one key are one query. */
function createKeyLookUp(db: Database, now: () => Date) {
  const cache = createKeyCache({ maxEntries: CACHED_KEYS, maxAgeMs: CACHED_FOR_MS });
  let running = new Map<string, Promise<CachedKey | null>>();

  const read = async (hash: Buffer<ArrayBuffer>, hex: string): Promise<CachedKey | null> => {
    const lookUps = running;
    const readAt = now();
    try {
      const key = await db.prisma.apiKey.findUnique({ where: { secretHash: hash } });
      const isCurrent = lookUps === running; // else a key was forgotten since, perhaps this one
      if (key !== null && isCurrent && isWorking(key, now())) cache.set(hex, key, readAt);
      return key;
    } finally {
      lookUps.delete(hex);
    }
  };

  return {
    find: (hash: Buffer<ArrayBuffer>): CachedKey | null | Promise<CachedKey | null> => {
      const hex = hash.toString('hex');
      const cached = cache.get(hex, now()) ?? running.get(hex);
      if (cached !== undefined) return cached;
      const reading = read(hash, hex);
      running.set(hex, reading);
      return reading;
    },
    forget: (apiKeyId: string): void => {
      cache.forget(apiKeyId);
      running = new Map();
    },
  };
}
