/** Where a repository is, as its Git remote says. */
export interface RemotePlace {
  readonly host: string;
  /** `owner/name`; the owner may hold slashes. */
  readonly path: string;
}

/**
 * Reads a Git remote or a web address, e.g. `git@github.com:acme/widgets.git`. Undefined when it is a path of this
 * machine, or names no owner.
 */
export function remotePlace(remote: string): RemotePlace | undefined {
  const place = placeOf(remote.trim());
  if (place === undefined) return undefined;
  const segments = place.path
    .replace(/\.git\/?$/, '')
    .split('/')
    // `_git` stands in the addresses of Azure, `~` and `scm` in those of Bitbucket's own servers.
    .filter(
      (part, at) => part !== '' && part !== '_git' && part !== '~' && !(part === 'scm' && at <= 1),
    );
  return segments.length < 2 ? undefined : { host: place.host, path: segments.join('/') };
}

function placeOf(remote: string): RemotePlace | undefined {
  if (URL.canParse(remote)) {
    const { protocol, hostname, pathname } = new URL(remote);
    if (/^(https?|ssh|git|git\+ssh):$/.test(protocol)) {
      return { host: hostname, path: decodedPath(pathname) };
    }
  }
  // `user@host:path`, but no drive of Windows (`C:\…`).
  const [, host, path] = /^(?:[^@/\\]+@)?([^:/\\]{2,}):(?!\/\/)(.+)$/.exec(remote) ?? [];
  return host === undefined || path === undefined ? undefined : { host, path };
}

/** A path without the escapes of addresses; as it is where they are broken. */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a stray `%`
  }
}
