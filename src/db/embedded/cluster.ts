import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../../error-code.ts';
import { OperatorError } from '../../operator-error.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { isAlive } from './postmaster-file.ts';
import { exitOf, spawnProgram } from './spawn-program.ts';

export interface ClusterOptions {
  /** The cluster's directory, e.g. `.data/postgres`. */
  readonly dir: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly logFile: string;
}

const passwordFile = 'buildatlas.password';

/**
 * Makes the cluster if there is none. It is made beside its place and moved there when whole, its
 * password with it, so that a start that is cut off leaves nothing half made, and of two starts at
 * once one wins.
 *
 * @returns the password of the superuser `postgres`
 * @throws {OperatorError} for a directory that holds something else, or another version's cluster
 */
export async function ensureCluster(options: ClusterOptions): Promise<string> {
  const { dir } = options;
  await removeHalfMade(dir);
  if ((await entriesOf(dir)).length === 0) await makeCluster(options);
  await assertSameVersion(options);

  return (await readFile(join(dir, passwordFile), 'utf8')).trim();
}

async function entriesOf(dir: string): Promise<string[]> {
  return readdir(dir).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
}

/** Removes what starts left that were cut off while they made a cluster. */
async function removeHalfMade(dir: string): Promise<void> {
  const prefix = `${basename(dir)}.new-`;
  for (const name of await entriesOf(dirname(dir))) {
    const pid = Number(name.slice(prefix.length));
    const abandoned = name.startsWith(prefix) && (pid === process.pid || !isAlive(pid));
    if (abandoned) await rm(join(dirname(dir), name), { recursive: true, force: true });
  }
}

async function makeCluster({ dir, binaries, account, logFile }: ClusterOptions): Promise<void> {
  const workshop = `${dir}.new-${process.pid}`;
  const password = join(workshop, 'password');
  await mkdir(workshop, { mode: 0o700 });
  try {
    await writeFile(password, randomBytes(24).toString('hex'), { mode: 0o600, flush: true });
    if (account !== undefined) {
      for (const path of [workshop, password]) await chown(path, account.uid, account.gid);
    }
    const child = await spawnProgram({
      command: binaries.initdb,
      dir: workshop,
      // The built-in C.UTF-8 knows Unicode's letters and sorts by code point, the same on every machine.
      args: (seen) => [
        `--pgdata=${seen}/data`,
        `--pwfile=${seen}/password`,
        '--username=postgres',
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      account,
      logFile,
    });
    const exit = await exitOf(child);
    if (exit !== 0) throw new OperatorError(`initdb failed (${exit}): see ${logFile}`);

    await rename(password, join(workshop, 'data', passwordFile));
    await rename(join(workshop, 'data'), dir);
  } catch (error) {
    if (!isTaken(error)) throw error; // else another start was first, and its cluster is as good
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

function isTaken(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST'].includes(errorCode(error));
}

async function assertSameVersion({ dir, binaries }: ClusterOptions): Promise<void> {
  const entries = await entriesOf(dir);
  if (!entries.includes('PG_VERSION') || !entries.includes(passwordFile)) {
    throw new OperatorError(
      `${dir} holds files, but no database of Buildatlas: move them away or set another DATA_DIR`,
    );
  }
  const made = (await readFile(join(dir, 'PG_VERSION'), 'utf8')).trim();
  const { stdout } = await promisify(execFile)(binaries.postgres, ['-V']);
  const ours = /(\d+)(\.|devel|beta|rc)/.exec(stdout)?.[1];
  if (made === ours) return;

  throw new OperatorError(
    `${dir} was made by Postgres ${made}, this Buildatlas brings Postgres ${ours ?? stdout.trim()}: ` +
      `dump it with the Buildatlas that made it (pg_dump), set another DATA_DIR and restore it there`,
  );
}

/** Opens a directory of ours to whoever Postgres runs as. */
export async function ensureDataDir(dataDir: string): Promise<void> {
  const made = await mkdir(dataDir, { recursive: true }).catch((error: unknown) => {
    throw new OperatorError(`DATA_DIR ${dataDir} cannot be made: ${String(error)}`);
  });
  if (made !== undefined) await chmod(dataDir, 0o755);
}
