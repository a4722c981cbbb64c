import { remotePlace } from '../../domain/git-remote.ts';

/**
 * Gives `owner/name` of the repository at a Git remote, e.g. `acme/widgets` of `git@github.com:acme/widgets.git`; the
 * owner may hold slashes. Undefined when the remote is a path, or says no owner.
 */
export function repositoryOfRemote(remote: string | undefined): string | undefined {
  return remote === undefined ? undefined : remotePlace(remote)?.path;
}

/** Splits `owner/name` at the last slash; undefined when there is none with text at both sides. */
export function splitRepository(
  repository: string,
): { readonly owner: string; readonly name: string } | undefined {
  const [, owner, name] = /^(.*[^/])\/([^/]+)$/.exec(repository.trim()) ?? [];
  return owner === undefined || name === undefined ? undefined : { owner, name };
}
