import type { RepositoryInput } from '../domain/fields.ts';
import { remotePlace } from '../domain/git-remote.ts';
import type { WebhookTranslation } from '../ingest/webhook-translation.ts';

/** Says that nothing of a webhook is kept, and why. */
export function ignore(reason: string): WebhookTranslation {
  return { ignored: reason };
}

/** What a word of a CI system means; undefined for one that is not among those known. */
export function meaningOf<Meaning>(
  words: Readonly<Record<string, Meaning>>,
  word: string | null | undefined,
): Meaning | undefined {
  // Own words only: `constructor` is none.
  return word != null && Object.hasOwn(words, word) ? words[word] : undefined;
}

/** Milliseconds between two moments, never negative: skipped jobs end before they begin. Null if one is unknown. */
export function between(from: Date | null, to: Date | null): number | null {
  return from === null || to === null ? null : Math.max(0, to.getTime() - from.getTime());
}

const mostAttempts = 1_000_000;

/** An attempt counts from 1; null for what is none. */
export function attemptOf(attempt: number | null): number | null {
  return attempt !== null && attempt >= 1 && attempt <= mostAttempts ? attempt : null;
}

/** `main` of `refs/heads/main`, `v1` of `refs/tags/v1`; other refs as they are. */
export function shortRef(ref: string | null): string | null {
  return ref?.replace(/^refs\/(?:heads|tags)\//, '') ?? null;
}

/** A commit's SHA; null for what is none yet, such as Buildkite's `HEAD`. */
export function sha(commit: string | null): string | null {
  return commit !== null && /^[0-9a-f]{7,64}$/i.test(commit) ? commit : null;
}

/** The last part of a path, e.g. `ci.yml` of `.github/workflows/ci.yml@refs/heads/main`. */
export function fileOf(path: string | null): string | null {
  return path?.split('@')[0]?.split('/').at(-1) || null;
}

const longest = 256;

/** The repository with this path, e.g. `acme/widgets`; the owner may hold slashes. Null if there is no owner. */
export function repositoryOf(
  path: string | null,
  more: Omit<RepositoryInput, 'owner' | 'name'>,
): RepositoryInput | null {
  const slash = path?.lastIndexOf('/') ?? -1;
  const owner = path?.slice(0, slash).replace(/^\/+/, '').slice(0, longest);
  const name = path?.slice(slash + 1).slice(0, longest);
  return slash < 1 || !owner || !name ? null : { ...more, owner, name };
}

const providers = ['github', 'gitlab', 'bitbucket'];

/**
 * The repository at a Git remote or a web address, e.g. `git@github.com:acme/widgets.git`; null if it names none. Its
 * web address is told for servers where it is that of the remote.
 */
export function repositoryAt(
  remote: string | null,
  defaultBranch: string | null = null,
): RepositoryInput | null {
  const place = remotePlace(remote ?? '');
  if (place === undefined) return null;
  const { host, path } = place;
  const provider = providers.find((word) => host.split('.').includes(word)) ?? null;
  const url = provider === null ? null : `https://${host}/${path}`;
  return repositoryOf(path, { provider, url, defaultBranch });
}

/** The origin of an address, e.g. `https://github.com`; null if it is none. */
export function originOf(address: string | null): string | null {
  if (address === null || !/^https?:/i.test(address) || !URL.canParse(address)) return null;
  return new URL(address).origin;
}
