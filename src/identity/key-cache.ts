import type { ApiKey } from '../db/generated/prisma/client.ts';

/** What the authenticator keeps of a key that worked. */
export type CachedKey = Pick<
  ApiKey,
  'id' | 'organizationId' | 'secretHash' | 'capabilities' | 'expiresAt' | 'revokedAt'
>;

/** The keys used last, by the hex of their hash. */
export interface KeyCache {
  /** Gives a key that was read less than the greatest age ago. */
  get(hash: string, at: Date): CachedKey | undefined;
  /** Keeps a key; `readAt` is when its look-up began. */
  set(hash: string, key: CachedKey, readAt: Date): void;
  /** Drops a key by its id. */
  forget(apiKeyId: string): void;
}

export interface KeyCacheOptions {
  readonly maxEntries: number;
  readonly maxAgeMs: number;
}

/** Makes a cache that drops the key unused for longest when it is full. */
export function createKeyCache({ maxEntries, maxAgeMs }: KeyCacheOptions): KeyCache {
  // A Map iterates in order of insertion, so its first entry is the one unused for longest.
  const entries = new Map<string, { readonly key: CachedKey; readonly readAtMs: number }>();

  return {
    get: (hash, at) => {
      const entry = entries.get(hash);
      if (entry === undefined) return undefined;
      entries.delete(hash);
      const ageMs = at.getTime() - entry.readAtMs;
      if (ageMs < 0 || ageMs >= maxAgeMs) return undefined; // below 0: the clock was set back
      entries.set(hash, entry);
      return entry.key;
    },
    set: (hash, key, readAt) => {
      entries.delete(hash);
      entries.set(hash, { key, readAtMs: readAt.getTime() });
      if (entries.size <= maxEntries) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    },
    forget: (apiKeyId) => {
      for (const [hash, { key }] of entries) if (key.id === apiKeyId) entries.delete(hash);
    },
  };
}
