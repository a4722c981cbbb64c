import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { OperatorError } from '../../operator-error.ts';
import { type Account, canReach } from './account.ts';

export interface Program {
  readonly command: string;
  /** The directory it works on. */
  readonly dir: string;
  /** Its arguments, given the name under which it can reach that directory. */
  readonly args: (dir: string) => readonly string[];
  readonly account: Account | undefined;
  /** File that gets what it prints. */
  readonly logFile: string;
}

/**
 * Starts a program of Postgres in a session of its own, so that Ctrl-C and a dying gateway do not
 * take it along, and without our environment, which may hold secrets.
 *
 * A directory that its account cannot reach (below /root) is handed over as an open descriptor:
 * opening /proc/self/fd/3 asks for no right on the directories above.
 *
 * @throws {OperatorError} for such a directory where there is no /proc
 */
export async function spawnProgram(program: Program): Promise<ChildProcess> {
  const { command, dir, args, account, logFile } = program;
  const reachable = account === undefined || (await canReach(account, dir));
  if (!reachable && process.platform !== 'linux') {
    throw new OperatorError(
      `the user that runs Postgres (uid ${account.uid}) may not enter ${dir}: ` +
        'set DATA_DIR to a directory that everybody may enter',
    );
  }
  const [log, opened] = await Promise.all([
    open(logFile, 'a', 0o600),
    reachable ? undefined : open(dir, 'r'),
  ]);
  try {
    const child = spawn(command, args(opened === undefined ? dir : '/proc/self/fd/3'), {
      ...account,
      cwd: '/',
      detached: true,
      env: { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin', TZ: 'UTC' },
      stdio: ['ignore', log.fd, log.fd, ...(opened === undefined ? [] : [opened.fd])],
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return child;
  } finally {
    await Promise.all([log.close(), opened?.close()]);
  }
}

/** Waits for a program to end; gives its exit code, or the signal that ended it. */
export async function exitOf(child: ChildProcess): Promise<number | string> {
  const { exitCode, signalCode } = child;
  if (exitCode !== null || signalCode !== null) return exitCode ?? signalCode ?? 'unknown';
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? signal ?? 'unknown');
    });
  });
}
