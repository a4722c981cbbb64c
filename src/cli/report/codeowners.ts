import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodeownersDialect } from '../../client/generated/graphql.ts';
import type { BuildFacts } from './ci-facts.ts';
import type { Checkout } from './git.ts';

/** The CODEOWNERS file of a checkout. */
export interface FoundCodeowners {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly content: string;
  readonly commitSha: string;
  /** When it was committed; undefined when Git does not say. */
  readonly recordedAt: string | undefined;
  /** Undefined where both code hosts look: the repository's provider tells. */
  readonly dialect: CodeownersDialect | undefined;
}

interface Place {
  readonly path: string;
  readonly dialect?: CodeownersDialect;
}

/** Where code hosts look, in their order; the first file counts. */
const both: readonly Place[] = [{ path: 'CODEOWNERS' }, { path: 'docs/CODEOWNERS' }];
const ofGitHub: Place = { path: '.github/CODEOWNERS', dialect: 'GITHUB' };
const ofGitLab: Place = { path: '.gitlab/CODEOWNERS', dialect: 'GITLAB' };

/** What the gateway takes. */
const mostBytes = 3 * 1_024 * 1_024;

/**
 * Gives the CODEOWNERS file where it says whose tests are whose: in a build of the default branch, as code hosts read
 * it. Undefined elsewhere, and where there is none that the gateway would take.
 */
export async function findCodeowners(
  build: BuildFacts,
  checkout: Checkout,
): Promise<FoundCodeowners | undefined> {
  const { root, commitSha, committedAt } = checkout;
  const isHere = commitSha !== undefined && build.commitSha === commitSha;
  if (root === undefined || !isHere || !isOfDefaultBranch(build)) return undefined;
  const places =
    build.provider === 'gitlab' ? [...both, ofGitLab, ofGitHub] : [ofGitHub, ...both, ofGitLab];
  for (const { path, dialect } of places) {
    const content = await readSmall(join(root, path));
    if (content !== undefined) {
      return { path, content, commitSha, recordedAt: committedAt, dialect };
    }
  }
  return undefined;
}

/** While nobody says which it is, `main` and `master` count, as in the gateway. */
function isOfDefaultBranch({ branch, defaultBranch, pullRequest }: BuildFacts): boolean {
  if (branch === undefined || pullRequest !== undefined) return false; // a fork may call its branch alike
  return defaultBranch === undefined
    ? branch === 'main' || branch === 'master'
    : branch === defaultBranch;
}

async function readSmall(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    return size > mostBytes ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined; // not there
  }
}
