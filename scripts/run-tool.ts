import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Top folder of the repository. */
export const repository = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a command-line tool of our dependencies in the repository, its output on our terminal.
 *
 * @throws {Error} when it fails
 */
export function runTool(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, signal, error } = spawnSync(`node_modules/.bin/${name}`, args, {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${name} ended with ${status ?? signal ?? 'no status'}`);
}
