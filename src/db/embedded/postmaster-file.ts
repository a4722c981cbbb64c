import { execFile } from 'node:child_process';
import { link, readFile, readlink, realpath, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../../error-code.ts';

/** What a running server says about itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready`, `stopping` or `standby`. */
  readonly status: string;
}

/** Whether a process of that id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/**
 * The server that runs on a cluster, or undefined. A file whose process is dead is left to Postgres,
 * which checks for stray backends; one whose process id now belongs to a stranger (usual in
 * containers, where ids start at 1 again) is taken away, for Postgres would refuse to start.
 */
export async function runningPostmaster(dir: string): Promise<Postmaster | undefined> {
  const file = join(dir, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  const [pid, , , port, , , , status] = text.split('\n').map((line) => line.trim());
  const postmaster = { pid: Number(pid), port: Number(port), status: status ?? 'starting' };
  if (text === '' || !(postmaster.pid > 0) || !isAlive(postmaster.pid)) return undefined;
  if (await isServerOf(postmaster.pid, dir)) return postmaster;

  await takeAway(file, text);
  return undefined;
}

/** Whether a process is the server of a cluster. */
export async function isServerOf(pid: number, dir: string): Promise<boolean> {
  try {
    if (process.platform === 'linux') {
      const [name, home] = await Promise.all([
        readFile(`/proc/${pid}/comm`, 'utf8'),
        readlink(`/proc/${pid}/cwd`),
      ]);
      return name.trim() === 'postgres' && home === (await realpath(dir));
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]);
    return stdout.includes('postgres') && stdout.includes(dir);
  } catch {
    return false; // it is gone, or belongs to a user who could not be running our server
  }
}

/** Another start may write its own file between our look and our unlink: that one is put back. */
async function takeAway(file: string, expected: string): Promise<void> {
  const aside = `${file}.stale-${process.pid}`;
  await rename(file, aside);
  if ((await readFile(aside, 'utf8')) !== expected) await link(aside, file);
  await unlink(aside);
}
