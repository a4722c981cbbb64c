import pg from 'pg';
import type { Logger } from 'pino';

/** Hears what `pg_notify` says, in this gateway and in others on the same database. */
export interface Listener {
  /** Calls back for each payload of a channel; gives what ends it. */
  subscribe(channel: string, hear: (payload: string) => void): () => void;
  close(): Promise<void>;
}

const retryMs = 500;

/**
 * Opens one connection that LISTENs for all channels. When it breaks (a database that restarts) it is
 * opened again, every half second until it holds; what was said meanwhile is lost, as with any NOTIFY.
 */
export async function createListener(
  url: string,
  channels: readonly string[],
  log: Logger,
): Promise<Listener> {
  const hearers = new Map(channels.map((name) => [name, new Set<(payload: string) => void>()]));
  let client = await connect();
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({ connectionString: url, keepAlive: true });
    next.on('notification', ({ channel, payload }) => {
      for (const hear of hearers.get(channel) ?? []) hear(payload ?? '');
    });
    next.on('error', (error) => {
      log.warn({ error: error.message }, 'LISTEN connection broke; opening it again');
    });
    next.on('end', reconnect);
    await next.connect();
    for (const channel of channels) await next.query(`LISTEN ${next.escapeIdentifier(channel)}`);
    return next;
  }

  function reconnect(): void {
    if (closed || retry !== undefined) return;
    retry = setTimeout(() => {
      retry = undefined;
      connect().then(
        (next) => {
          client = next;
          if (closed) return next.end();
          return undefined;
        },
        (error: unknown) => {
          log.warn({ error: String(error) }, 'LISTEN connection could not be opened');
          reconnect();
        },
      );
    }, retryMs);
  }

  return {
    subscribe: (channel, hear) => {
      const heard = hearers.get(channel);
      if (heard === undefined) throw new Error(`nobody listens on channel ${channel}`);
      heard.add(hear);
      return () => heard.delete(hear);
    },
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await client.end();
    },
  };
}
