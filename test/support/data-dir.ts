import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canReach } from '../../src/db/embedded/account.ts';
import { isServerOf } from '../../src/db/embedded/postmaster-file.ts';
import { cleanUp } from './test-database.ts';

const nobody = 65534;

/** A directory for DATA_DIR. After the test it is removed, with a Postgres that still runs in it. */
export async function dataDir({
  uid,
}: { readonly uid?: number | undefined } = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'buildatlas-data-'));
  if (uid !== undefined) await chown(dir, uid, uid);
  cleanUp(async () => {
    const pid = await postmasterPid(dir);
    if (pid !== undefined) process.kill(pid, 'SIGQUIT');
    await postgresGone(dir, pid);
    await rm(dir, { recursive: true, force: true });
  });
  return dir;
}

/** Process id of the Postgres that runs in a data directory. */
export async function postmasterPid(dir: string): Promise<number | undefined> {
  const file = join(dir, 'postgres', 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return pid > 0 && (await isServerOf(pid, join(dir, 'postgres'))) ? pid : undefined;
}

/** Waits until a Postgres has ended. */
export async function postgresGone(dir: string, pid: number | undefined): Promise<void> {
  while (pid !== undefined && (await isServerOf(pid, join(dir, 'postgres')))) await sleep(20);
}

/**
 * A user without rights, to run the gateway as: `nobody` when the tests run as root. Undefined, the
 * user of the tests: when that is a plain one, or nobody else may enter the checkout.
 */
export async function plainUser(): Promise<number | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const isOpen = await canReach({ uid: nobody, gid: nobody }, import.meta.dirname);
  return isOpen ? nobody : undefined;
}
