import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { toInstant } from './ci-facts.ts';
import { repositoryOfRemote } from './repository-name.ts';

/** What is checked out; fields are undefined where there is no Git, no repository, or no remote. */
export interface Checkout {
  /** The directory that holds it all. */
  readonly root: string | undefined;
  readonly branch: string | undefined;
  /** What the remote `origin` called its default branch when it was cloned. */
  readonly defaultBranch: string | undefined;
  readonly commitSha: string | undefined;
  readonly treeSha: string | undefined;
  /** ISO 8601 */
  readonly committedAt: string | undefined;
  /** `owner/name` of the remote `origin`. */
  readonly repository: string | undefined;
  /** Files under version control are not as committed. */
  readonly isChanged: boolean;
}

/** Asks Git about the directory; never fails. */
export async function readCheckout(cwd: string): Promise<Checkout> {
  const git = (...args: readonly string[]) => ask(cwd, args);
  const [root, commitSha, treeSha, committedAt, branch, head, remote, changes] = await Promise.all([
    git('rev-parse', '--show-toplevel'),
    git('rev-parse', '--verify', 'HEAD'),
    git('rev-parse', '--verify', 'HEAD^{tree}'),
    git('show', '--no-patch', '--format=%cI', 'HEAD'),
    git('symbolic-ref', '--short', 'HEAD'),
    git('symbolic-ref', '--short', 'refs/remotes/origin/HEAD'),
    git('remote', 'get-url', 'origin'),
    git('status', '--porcelain', '--untracked-files=no'),
  ]);
  return {
    root,
    branch,
    defaultBranch: head?.replace(/^origin\//, ''),
    commitSha,
    treeSha,
    committedAt: toInstant(committedAt),
    repository: repositoryOfRemote(remote),
    isChanged: changes !== undefined,
  };
}

async function ask(cwd: string, args: readonly string[]): Promise<string | undefined> {
  try {
    // In containers the checkout often belongs to another user, which Git refuses to look at.
    const { stdout } = await promisify(execFile)('git', ['-c', 'safe.directory=*', ...args], {
      cwd,
      timeout: 10_000,
      windowsHide: true,
    });
    return stdout.trim() || undefined;
  } catch {
    return undefined; // no git, no repository, no commit yet, no remote: the CI's variables are what is left
  }
}
