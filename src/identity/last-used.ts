import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { query, sql } from '../db/sql.ts';

/** Remembers when keys were used, and stores it now and then: no request waits for it. */
export interface LastUsed {
  readonly record: (apiKeyId: string, at: Date) => void;
  /** Stores what was recorded, in one statement. When that throws, the next flush stores it. */
  readonly flush: () => Promise<void>;
  /** Flushes for the last time. */
  readonly close: () => Promise<void>;
}

export interface LastUsedOptions {
  readonly log: Logger;
  /** Time between two flushes, in milliseconds. */
  readonly flushIntervalMs: number;
}

/** Starts recording; the timer does not keep the process alive. */
export function createLastUsed(db: Database, { log, flushIntervalMs }: LastUsedOptions): LastUsed {
  let unsaved = new Map<string, Date>();
  let flushing = Promise.resolve();

  const record = (apiKeyId: string, at: Date): void => {
    const known = unsaved.get(apiKeyId);
    if (known === undefined || known < at) unsaved.set(apiKeyId, at);
  };
  const flushOnce = async (): Promise<void> => {
    if (unsaved.size === 0) return;
    const batch = unsaved;
    unsaved = new Map();
    try {
      await store(db, batch);
    } catch (error) {
      for (const [apiKeyId, at] of batch) record(apiKeyId, at);
      throw error;
    }
  };
  const flush = (): Promise<void> => (flushing = flushing.then(flushOnce, flushOnce)); // in turn
  const timer = setInterval(() => {
    flush().catch((err: unknown) => {
      log.warn({ err, keyCount: unsaved.size }, 'last use of API keys not stored yet');
    });
  }, flushIntervalMs).unref();

  return {
    record,
    flush,
    close: async () => {
      clearInterval(timer);
      await flush().catch((err: unknown) => {
        log.error({ err, keyCount: unsaved.size }, 'last use of API keys is lost');
      });
    },
  };
}

async function store(db: Database, lastUsedAt: ReadonlyMap<string, Date>): Promise<void> {
  const ids = [...lastUsedAt.keys()];
  const times = [...lastUsedAt.values()].map((at) => at.toISOString());
  // Locked in one order: two instances that store the same keys at once would deadlock.
  await query(
    db.pool,
    sql`WITH used AS (
          SELECT id, used_at FROM unnest(${ids}::uuid[], ${times}::timestamptz[]) AS _ (id, used_at)
        ), locked AS (
          SELECT id FROM api_keys WHERE id IN (SELECT id FROM used) ORDER BY id FOR NO KEY UPDATE
        )
        UPDATE api_keys SET last_used_at = greatest(api_keys.last_used_at, used.used_at)
        FROM used JOIN locked USING (id) WHERE api_keys.id = used.id`,
  );
}
