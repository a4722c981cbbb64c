import pg from 'pg';
import type { Logger } from 'pino';

/** Hears what `pg_notify` says, in this gateway and in others on the same database. */
export interface Listener {
  /** Calls back for each payload of a channel; gives what ends it. */
  readonly subscribe: (channel: string, hear: (payload: string) => void) => () => void;
  /** How many are told of a channel's payloads now. */
  readonly hearerCount: (channel: string) => number;
  readonly close: () => Promise<void>;
}

type Hearers = ReadonlyMap<string, Set<(payload: string) => void>>;

const retryMs = 500;

/**
 * Opens one connection that LISTENs for all channels. When it breaks (a database that restarts) it is
 * opened again, every half second until it holds; what was said meanwhile is lost, as with any NOTIFY.
 *
 * @throws {Error} when the database cannot be reached the first time
 */
export async function createListener(
  url: string,
  channels: readonly string[],
  log: Logger,
): Promise<Listener> {
  const hearers: Hearers = new Map(channels.map((name) => [name, new Set()]));
  let client: pg.Client | undefined;
  let isClosed = false;
  let retry: NodeJS.Timeout | undefined;

  async function open(): Promise<void> {
    const next = await connect(url, hearers, log);
    if (isClosed) {
      await next.end();
      return;
    }
    client = next;
    next.once('end', openAgain);
  }

  function openAgain(): void {
    if (isClosed) return;
    retry = setTimeout(() => {
      open().catch((error: unknown) => {
        log.warn({ error: String(error) }, 'LISTEN connection could not be opened');
        openAgain();
      });
    }, retryMs);
  }

  function heardOn(channel: string): Set<(payload: string) => void> {
    const heard = hearers.get(channel);
    if (heard === undefined) throw new Error(`nobody listens on channel ${channel}`);
    return heard;
  }

  await open();
  return {
    subscribe: (channel, hear) => {
      const heard = heardOn(channel);
      heard.add(hear);
      return () => heard.delete(hear);
    },
    hearerCount: (channel) => heardOn(channel).size,
    close: async () => {
      isClosed = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}

async function connect(url: string, hearers: Hearers, log: Logger): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  client.on('notification', ({ channel, payload }) => {
    for (const hear of hearers.get(channel) ?? []) hear(payload ?? '');
  });
  client.on('error', (error) => {
    log.warn({ error: error.message }, 'LISTEN connection broke; opening it again');
  });
  await client.connect();
  try {
    for (const channel of hearers.keys()) {
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    }
  } catch (error) {
    await client.end();
    throw error;
  }
  return client;
}
