import pg from 'pg';
import type { Logger } from 'pino';
import { isAlive } from './postmaster-file.ts';

/** The claim of one process on an embedded server. */
export interface ServerLock {
  /** Resolves when the server ends although it was not expected to. */
  readonly lost: Promise<void>;
  /** The server is about to be stopped: the end of the lock's session is no news. */
  readonly expectEnd: () => void;
  readonly release: () => Promise<void>;
}

/** Any number that no other lock of ours has (the migrations take Prisma's, 72707369). */
const lockKey = 1_118_485;
const prefix = 'buildatlas owner ';
const deadHolderPatienceMs = 5000;
const retryMs = 50;

/**
 * Claims the server for this process: a session lock in the server itself, which the kernel frees
 * when the process dies, so that there is no lock file to go stale and no race between two starts.
 *
 * @returns the lock, or the process id of who has it
 */
export async function lockServer(url: string, log: Logger): Promise<ServerLock | number> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `${prefix}${process.pid}`,
  });
  client.on('error', (error) => {
    log.debug({ reason: error.message }, 'the session that holds the lock on Postgres broke');
  });
  try {
    await client.connect();
    const holder = await waitForLock(client);
    if (holder === 'mine') return heldBy(client);
    await client.end();
    return holder;
  } catch (error) {
    await client.end();
    throw error;
  }
}

function heldBy(client: pg.Client): ServerLock {
  let expected = false;

  return {
    lost: new Promise<void>((resolve) => {
      client.on('end', () => {
        if (!expected) resolve();
      });
    }),
    expectEnd: () => {
      expected = true;
    },
    release: async () => {
      expected = true;
      await client.end();
    },
  };
}

/** A killed holder's session ends as soon as Postgres sees its closed socket: that is waited for. */
async function waitForLock(client: pg.Client): Promise<'mine' | number> {
  const deadline = Date.now() + deadHolderPatienceMs;
  for (;;) {
    const holder = await tryLock(client);
    const isHeld = holder === 'mine' || (holder !== 0 && isAlive(holder));
    if (isHeld || Date.now() > deadline) return holder;
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** Takes the lock, or says whose it is; 0 when it was freed between the two questions. */
async function tryLock(client: pg.Client): Promise<'mine' | number> {
  const tried = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
    lockKey,
  ]);
  if (tried.rows[0]?.mine === true) return 'mine';

  const held = await client.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = $1`,
    [lockKey],
  );
  return Number(held.rows[0]?.name.slice(prefix.length) ?? 0);
}
