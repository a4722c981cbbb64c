/**
 * Gives `owner/name` of the repository at a Git remote, e.g. `acme/widgets` of `git@github.com:acme/widgets.git`; the
 * owner may hold slashes. Undefined when the remote is a path, or says no owner.
 */
export function repositoryOfRemote(remote: string | undefined): string | undefined {
  const path = remote === undefined ? undefined : pathOf(remote.trim());
  if (path === undefined) return undefined;
  const segments = path
    .replace(/\.git\/?$/, '')
    .split('/')
    // `_git` stands in the addresses of Azure, `scm` in those of Bitbucket's own servers.
    .filter(
      (segment, index) =>
        segment !== '' && segment !== '_git' && !(segment === 'scm' && index <= 1),
    );
  return segments.length < 2 ? undefined : segments.join('/');
}

function pathOf(remote: string): string | undefined {
  if (URL.canParse(remote)) {
    const { protocol, pathname } = new URL(remote);
    if (/^(https?|ssh|git|git\+ssh):$/.test(protocol)) return decodeURI(pathname);
  }
  // `user@host:path`, but no drive of Windows (`C:\…`).
  return /^(?:[^@/\\]+@)?[^:/\\]{2,}:(?!\/\/)(.+)$/.exec(remote)?.[1];
}

/** Splits `owner/name` at the last slash; undefined when there is none with text at both sides. */
export function splitRepository(
  repository: string,
): { readonly owner: string; readonly name: string } | undefined {
  const [, owner, name] = /^(.*[^/])\/([^/]+)$/.exec(repository.trim()) ?? [];
  return owner === undefined || name === undefined ? undefined : { owner, name };
}
