import { open, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../../operator-error.ts';
import type { ClusterOptions } from './cluster.ts';
import { isAlive, isServerOf, runningPostmaster } from './postmaster-file.ts';
import { exitOf, spawnProgram } from './spawn-program.ts';

export interface PostmasterOptions extends ClusterOptions {
  /** Settings beside our own, e.g. `{ fsync: 'off' }`. */
  readonly settings: Readonly<Record<string, string>>;
}

const pollMs = 20;
const stopPatienceMs = 30_000;

const ourSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  random_page_cost: '1.1',
  // Planning with JIT costs more than our queries take.
  jit: 'off',
  log_checkpoints: 'off',
  log_min_error_statement: 'panic',
};

/**
 * Starts a server on the cluster and waits until it runs or has ended. It may end because another
 * start was first: look again with `runningPostmaster`.
 *
 * @throws {OperatorError} with the server's own words when it cannot start
 */
export async function startPostmaster(options: PostmasterOptions): Promise<void> {
  const { dir, binaries, account, logFile, settings } = options;
  await keepOneOldLog(logFile);
  const { size: logStart } = await stat(logFile).catch(() => ({ size: 0 }));
  const port = await freePort();
  const flags = Object.entries({ ...ourSettings, ...settings });
  const child = await spawnProgram({
    command: binaries.postgres,
    dir,
    args: (seen) => [
      '-D',
      seen,
      '-p',
      String(port),
      ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    account,
    logFile,
  });
  child.unref();

  let exit: number | string | undefined;
  const ended = exitOf(child).then((code) => (exit = code));
  while (exit === undefined) {
    const running = await runningPostmaster(dir);
    if (running?.pid === child.pid && running?.status === 'ready') return;
    await Promise.race([ended, sleep(pollMs)]);
  }
  const words = await fatalWords(logFile, logStart);
  if (/already exists|could not (bind|create any TCP)|pre-existing shared memory/.test(words))
    return;
  throw new OperatorError(
    `the embedded Postgres does not start: ${words || exit} (see ${logFile})`,
  );
}

/**
 * Stops a server: open transactions are rolled back, what is committed is written out.
 *
 * @throws {OperatorError} when it does not end
 */
export async function stopPostmaster(dir: string, pid: number): Promise<void> {
  signalPostmaster(pid);
  const deadline = Date.now() + stopPatienceMs;
  while (await isServerOf(pid, dir)) {
    if (Date.now() > deadline) {
      throw new OperatorError(
        `the embedded Postgres (process ${pid}) does not stop: kill -QUIT ${pid}`,
      );
    }
    await sleep(pollMs);
  }
}

/** Asks a server for a fast shutdown and does not wait. */
export function signalPostmaster(pid: number): void {
  if (isAlive(pid)) process.kill(pid, 'SIGINT');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** The last lines of what Postgres said since its start that tell why it ended, as one line. */
async function fatalWords(logFile: string, from: number): Promise<string> {
  const file = await open(logFile);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read({ buffer: Buffer.alloc(size - from), position: from });
    const lines = buffer.toString('utf8').split('\n');
    const telling = lines
      .filter((line) => /FATAL|PANIC|error|could not|HINT/i.test(line))
      .slice(-4);
    return telling.map((line) => line.replace(/^.*?\[\d+\] /, '').trim()).join(' ');
  } finally {
    await file.close();
  }
}

const maxLogBytes = 10 * 1024 * 1024;

async function keepOneOldLog(logFile: string): Promise<void> {
  const { size } = await stat(logFile).catch(() => ({ size: 0 }));
  if (size > maxLogBytes) await rename(logFile, `${logFile}.old`);
}
