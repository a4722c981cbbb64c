import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cleanUp } from '../support/test-database.ts';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** A Git repository with one commit, and reports beside it as a job leaves them. */
export interface TestCheckout {
  readonly dir: string;
  readonly commitSha: string;
  readonly treeSha: string;
  readonly git: (...args: readonly string[]) => Promise<string>;
  readonly write: (name: string, content: string) => Promise<string>;
  /** Copies a fixture, e.g. `junit/joshdk/surefire.xml`. */
  readonly copy: (fixture: string, name: string) => Promise<void>;
}

/** Makes a checkout that is removed after the test. Its one report, `target/TEST-widgets.xml`, has 6 results. */
export async function checkout(
  remote = 'https://user:hunter2@git.example.com/acme/widgets.git',
): Promise<TestCheckout> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'buildatlas-checkout-')));
  cleanUp(() => rm(dir, { recursive: true, force: true }));
  const git = async (...args: readonly string[]): Promise<string> => {
    const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
    const { stdout } = await promisify(execFile)('git', [...who, ...args], { cwd: dir });
    return stdout.trim();
  };
  const write = async (name: string, content: string): Promise<string> => {
    const path = join(dir, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  };
  await write('widget.txt', `made at ${String(performance.now())}`);
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('remote', 'add', 'origin', remote);
  await git('add', 'widget.txt');
  await git('commit', '--quiet', '--message', 'one');
  const copy = async (fixture: string, name: string): Promise<void> => {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await cp(join(fixtures, fixture), join(dir, name));
  };
  await copy('junit/dorny/jest-junit.xml', 'target/TEST-widgets.xml');
  return {
    dir,
    commitSha: await git('rev-parse', 'HEAD'),
    treeSha: await git('rev-parse', 'HEAD^{tree}'),
    git,
    write,
    copy,
  };
}
