import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../operator-error.ts';

const run = promisify(execFile);

/** The user that Postgres runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who runs Postgres. Postgres refuses to run as root, so there it is the owner of the cluster, else
 * the user `postgres`, made when there is none. Undefined: whoever runs the gateway.
 *
 * @throws {OperatorError} when the user cannot be made
 */
export async function postgresAccount(clusterDir: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;

  const owner = await stat(clusterDir).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await findPostgresUser()) ?? (await makePostgresUser());
}

async function findPostgresUser(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([
      run('id', ['-u', 'postgres']),
      run('id', ['-g', 'postgres']),
    ]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined; // `id` fails for a user that is not there
  }
}

async function makePostgresUser(): Promise<Account> {
  const made = run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  const reason = await made.then(() => '', String);
  const account = await findPostgresUser(); // another gateway may have made it at the same moment
  if (account !== undefined) return account;

  throw new OperatorError(
    `Postgres cannot run as root, and the user "postgres" could not be made (${reason.trim()}): ` +
      'make it, start Buildatlas as a plain user, or set DATABASE_URL',
  );
}

/** Whether an account may go through every directory down to `path` and read it, as far as modes tell. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  const { uid, gid, mode } = await stat(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  const open = ((mode >> shift) & 0o5) === 0o5;
  const parent = dirname(path);
  return open && (parent === path || (await canReach(account, parent)));
}
