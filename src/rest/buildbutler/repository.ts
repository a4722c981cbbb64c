import { canonicalSource } from '../../domain/ci-source.ts';
import { ciServer } from '../../domain/ci-server.ts';
import type { RepositoryInput } from '../../domain/fields.ts';

export interface Addresses {
  readonly jenkinsInstanceId?: string | null | undefined;
  readonly jobUrl?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly source?: string | null | undefined;
  readonly jobName: string;
}

const longest = 256;

/** First words of GitHub's paths that are no owner's name. */
const notOwners = ['orgs', 'organizations', 'enterprises', 'settings', 'apps'];

/**
 * Gives the repository of a build: from the address of its server, job or run, in whatever form a client's generation
 * sends it (Contract: buildbutler.md 7.1). Where addresses name none, as those of Jenkins do, each job of a server
 * counts as one.
 */
export function repositoryOf(said: Addresses): RepositoryInput {
  const source = said.source == null ? '' : canonicalSource(said.source);
  const addresses = [said.jenkinsInstanceId, said.jobUrl, said.url];
  for (const address of addresses) {
    const found = address == null ? null : repositoryAt(address.trim(), source);
    if (found !== null) return found;
  }
  const owner = ciServer(addresses) ?? (said.jenkinsInstanceId?.trim() || source || 'unknown');
  return { owner: owner.slice(0, longest), name: said.jobName.slice(0, longest) };
}

function repositoryAt(address: string, source: string): RepositoryInput | null {
  if (/^[\w.-]+(\/[\w.-]+)+$/.test(address)) return ofBareName(address, source);
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return null;

  const { host, pathname } = new URL(address);
  const path = pathname.split('/').filter((part) => part !== '');
  const dash = path.indexOf('-');
  if (dash >= 2) return split(path.slice(0, dash), 'gitlab');
  if (isHostOf(host, 'gitlab') || source === 'gitlab') return split(path, 'gitlab');
  if (isHostOf(host, 'github') || path[2] === 'actions' || source === 'github-actions') {
    return notOwners.includes(path[0] ?? '') ? null : split(path.slice(0, 2), 'github');
  }
  if (isHostOf(host, 'bitbucket')) return split(path.slice(0, 2), 'bitbucket');
  return null;
}

/** `owner/name`, as the first BuildButler action calls its server. */
function ofBareName(address: string, source: string): RepositoryInput | null {
  const path = address.split('/');
  if (source === 'gitlab') return split(path, 'gitlab');
  if (path.length !== 2 || source === 'jenkins') return null;
  return split(path, source === '' || source === 'github-actions' ? 'github' : null);
}

/** The word in the name of the host: `github.com`, `gitlab.acme.com`. */
function isHostOf(host: string, word: string): boolean {
  return host.split('.').includes(word);
}

function split(path: readonly string[], provider: string | null): RepositoryInput | null {
  const owner = path.slice(0, -1).join('/');
  const name = path.at(-1)?.replace(/\.git$/, '') ?? '';
  if (owner === '' || name === '') return null;
  return { owner: owner.slice(0, longest), name: name.slice(0, longest), provider };
}
