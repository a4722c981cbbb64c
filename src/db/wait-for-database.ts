import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { errorCode } from '../error-code.ts';
import { OperatorError } from '../operator-error.ts';

const patienceMs = 10_000;
const retryMs = 250;
const oldestVersion = 150_000;

/**
 * Waits until a database answers: one that starts together with the gateway gets ten seconds.
 *
 * @throws {OperatorError} one line with the database's address and its own words, never a password
 */
export async function waitForDatabase(url: string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      await assertVersion(url);
      return;
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      if (!isPassing(error) || Date.now() > deadline) {
        const reason = reasonOf(error);
        throw new OperatorError(
          `cannot use the database ${addressOf(url)} (DATABASE_URL): ${reason}`,
        );
      }
      await sleep(retryMs);
    }
  }
}

async function assertVersion(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined); // a connection that breaks later fails its query too
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>('SHOW server_version_num');
    const version = Number(Object.values(rows[0] ?? {})[0]);
    if (version >= oldestVersion) return;
    throw new OperatorError(
      `the database ${addressOf(url)} (DATABASE_URL) is Postgres ${Math.floor(version / 10_000)}: ` +
        'Buildatlas needs 15 or newer',
    );
  } finally {
    await client.end();
  }
}

/** Not listening (yet), no name (yet), starting up, too many connections for the moment. */
function isPassing(error: unknown): boolean {
  return !/^(28|3D)/.test(errorCode(error));
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(String).join(', ');
  return error instanceof Error ? error.message : String(error);
}

/** Host, port and database of a URL: what may be shown. */
function addressOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || '5432'}${pathname}`;
}
