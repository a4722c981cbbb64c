import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { errorCode } from '../error-code.ts';
import { OperatorError } from '../operator-error.ts';
import { postgresAccount } from './embedded/account.ts';
import { postgresBinaries } from './embedded/binaries.ts';
import { ensureCluster, ensureDataDir } from './embedded/cluster.ts';
import { lockServer } from './embedded/lock-server.ts';
import {
  type PostmasterOptions,
  signalPostmaster,
  startPostmaster,
  stopPostmaster,
} from './embedded/postmaster.ts';
import { type Postmaster, runningPostmaster } from './embedded/postmaster-file.ts';

export interface EmbeddedPostgresOptions {
  /** The cluster is made in `postgres` below it. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Settings of Postgres beside our own, e.g. `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Connection string, with the password. */
  readonly url: string;
  /** Resolves when Postgres is gone although nobody stopped it. */
  readonly lost: Promise<void>;
  /** Shuts Postgres down and waits until it has. */
  readonly stop: () => Promise<void>;
  /** Asks Postgres to shut down and does not wait: for a process that exits now. */
  readonly abandon: () => void;
}

const startPatienceMs = 120_000;
const retryMs = 50;

/**
 * Starts the Postgres of a data directory, making it first if need be, and claims it for this
 * process. A server that a killed process left running is taken over.
 *
 * @throws {OperatorError} when another process has claimed it, or it cannot start
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const embedded = await openServer(options);
  if (typeof embedded.owner !== 'number') return embedded.owner;

  throw new OperatorError(
    `DATA_DIR ${options.dataDir} is in use by process ${embedded.owner}: ` +
      'stop that one, or set another DATA_DIR (several gateways can share one DATABASE_URL)',
  );
}

/**
 * Gives the Postgres of a data directory for a short command: that of the gateway that runs on it,
 * which then stays as it is, else its own as `startEmbeddedPostgres` does.
 */
export async function borrowEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { owner, url } = await openServer(options);
  if (typeof owner !== 'number') return owner;

  return {
    url,
    lost: new Promise(() => undefined),
    stop: () => Promise.resolve(),
    abandon: () => undefined,
  };
}

interface OpenServer {
  readonly url: string;
  /** The claimed server, or the id of the process that has claimed it. */
  readonly owner: EmbeddedPostgres | number;
}

async function openServer(options: EmbeddedPostgresOptions): Promise<OpenServer> {
  const { dataDir, log, settings = {} } = options;
  const dir = join(dataDir, 'postgres');
  const logFile = join(dataDir, 'postgres.log');
  await ensureDataDir(dataDir);
  const account = await postgresAccount(dir);
  const binaries = await postgresBinaries(account, join(dataDir, 'cache'));
  const cluster: PostmasterOptions = { dir, logFile, account, binaries, settings };
  const password = await ensureCluster(cluster);

  const deadline = Date.now() + startPatienceMs;
  while (Date.now() < deadline) {
    const running = await runningPostmaster(dir);
    if (running === undefined) {
      await startPostmaster(cluster);
      continue;
    }
    const opened = await claim(running, dir, password, log);
    if (opened !== undefined) return opened;
    await sleep(retryMs);
  }
  throw new OperatorError(`the embedded Postgres is not ready after two minutes: see ${logFile}`);
}

/** Claims a running server; undefined while it cannot be asked, because it starts or stops. */
async function claim(
  { pid, port }: Postmaster,
  dir: string,
  password: string,
  log: Logger,
): Promise<OpenServer | undefined> {
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  try {
    const lock = await lockServer(url, log);
    if (typeof lock === 'number') return { url, owner: lock };

    return {
      url,
      owner: {
        url,
        lost: lock.lost,
        // Held until the server is down, so that nobody takes over one that is about to end.
        stop: async () => {
          lock.expectEnd();
          await stopPostmaster(dir, pid);
          await lock.release();
        },
        abandon: () => {
          signalPostmaster(pid);
        },
      },
    };
  } catch (error) {
    if (isPassing(error)) return undefined;
    throw error;
  }
}

/** Refused or cut: not yet listening, starting up (57P03), shutting down (57P01, 57P02). */
function isPassing(error: unknown): boolean {
  const cut = error instanceof Error && error.message === 'Connection terminated unexpectedly';
  return (
    cut ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03'].includes(errorCode(error))
  );
}
