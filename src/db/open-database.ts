import type { Logger } from 'pino';
import { createDatabase, type Database } from './client.ts';
import {
  borrowEmbeddedPostgres,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from './embedded-postgres.ts';
import { endSessions } from './end-sessions.ts';
import { waitForDatabase } from './wait-for-database.ts';

export interface DatabaseLocation {
  /** Undefined: the embedded Postgres of `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
}

/** The database and what has to end with it. */
export interface OpenDatabase {
  readonly db: Database;
  /** Resolves when an embedded Postgres is gone although nobody stopped it. */
  readonly lost: Promise<void>;
  readonly close: () => Promise<void>;
  /** For a process that exits now: an embedded Postgres is asked to stop, nothing is waited for. */
  readonly abandon: () => void;
}

/**
 * Opens the configured database for a gateway, starting the embedded Postgres if there is no other.
 *
 * @throws {OperatorError} when it cannot be had
 */
export async function openDatabase(location: DatabaseLocation, log: Logger): Promise<OpenDatabase> {
  return open(location, log, startEmbeddedPostgres);
}

/** The same for a short command, which may run beside a gateway on the same embedded Postgres. */
export async function borrowDatabase(
  location: DatabaseLocation,
  log: Logger,
): Promise<OpenDatabase> {
  return open(location, log, borrowEmbeddedPostgres);
}

async function open(
  { databaseUrl, dataDir }: DatabaseLocation,
  log: Logger,
  startEmbedded: typeof startEmbeddedPostgres,
): Promise<OpenDatabase> {
  if (databaseUrl !== undefined) await waitForDatabase(databaseUrl);
  const server =
    databaseUrl === undefined ? await startEmbedded({ dataDir, log }) : external(databaseUrl);
  const db = createDatabase(server.url, {
    onIdleError: (error) => {
      log.warn({ reason: error.message }, 'an idle database connection broke');
    },
  });

  return {
    db,
    lost: server.lost,
    close: async () => {
      await endSessions(db.pool, () => db.close());
      await server.stop();
    },
    abandon: server.abandon,
  };
}

function external(url: string): EmbeddedPostgres {
  return {
    url,
    lost: new Promise(() => undefined),
    stop: () => Promise.resolve(),
    abandon: () => undefined,
  };
}
