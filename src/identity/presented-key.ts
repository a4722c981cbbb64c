/** The one thing needed of a request's headers; `Headers` of the fetch API is one. */
export interface HeaderReader {
  get(name: string): string | null;
}

const KEY_HEADERS = ['x-api-key', 'x-buildbuddy-api-key'] as const;
const KEY_SCHEMES: readonly string[] = ['bearer', 'token', 'x-buildbuddy-api-key'];

/**
 * Gives the key a request presents. The first header that is there decides: `X-API-Key`,
 * `x-buildbuddy-api-key`, then `Authorization` with `Bearer KEY`, `token KEY`,
 * `x-buildbuddy-api-key KEY` (in any letter case) or the bare key.
 *
 * `null` means that no key was presented. An empty string means that something was, which cannot be
 * a key (an empty header, `Basic …`): it is to be refused, not to be taken for anonymous.
 *
 * Contracts: buildbutler.md 3, buildpulse.md 3.1, buildbuddy.md 3.1.
 */
export function presentedKey(headers: HeaderReader): string | null {
  for (const name of KEY_HEADERS) {
    const value = headers.get(name);
    if (value !== null) return value.trim();
  }
  const authorization = headers.get('authorization');
  return authorization === null ? null : keyOfAuthorization(authorization.trim());
}

function keyOfAuthorization(authorization: string): string {
  const [scheme = '', ...rest] = authorization.split(/\s+/);
  if (KEY_SCHEMES.includes(scheme.toLowerCase())) return rest.join(' ');

  return rest.length === 0 ? scheme : '';
}
