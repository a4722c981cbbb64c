import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cleanUp } from './test-database.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface ProcessOptions {
  /** All of its environment but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number | undefined;
  readonly cwd?: string;
}

export interface Ended {
  /** Exit code, or the signal that ended it. */
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `buildatlas` process, as its user has it. */
export interface TestProcess {
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Waits until it has ended. */
  readonly ended: () => Promise<Ended>;
  /** Waits until it says that it is ready; gives its address. Fails when it ends instead. */
  readonly ready: () => Promise<string>;
  /** What it has printed so far. */
  readonly stdout: () => string;
}

/** Starts `node dist/main.js` with these arguments; what still runs after the test is killed. */
export function startProcess(
  args: readonly string[],
  { env = {}, uid, cwd }: ProcessOptions = {},
): TestProcess {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  const closed = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'unknown');
    });
  });
  cleanUp(async () => {
    if (isRunning(child)) child.kill('SIGTERM');
    await closed;
  });

  return {
    pid: child.pid ?? 0,
    kill: (signal) => child.kill(signal),
    ended: async () => ({ exit: await closed, ...printed }),
    ready: async () => {
      for (;;) {
        const url = /ready.*(http:\S+)\/graphql/.exec(printed.stdout)?.[1];
        if (url !== undefined) return url;
        if (!isRunning(child)) throw new Error(`it ended: ${printed.stderr}`);
        await sleep(20);
      }
    },
    stdout: () => printed.stdout,
  };
}

/** Runs a command to its end. */
export async function runProcess(
  args: readonly string[],
  options?: ProcessOptions,
): Promise<Ended> {
  return startProcess(args, options).ended();
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
