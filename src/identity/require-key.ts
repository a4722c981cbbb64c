import type { Tenant } from '../context.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Authenticator } from './authenticate.ts';
import { type HeaderReader, presentedKey } from './presented-key.ts';

/**
 * Gives the tenant whose key a request presents.
 *
 * @param presented the request's headers, or the key where it came in another way; null when there was none
 *
 * @throws {UnauthenticatedError} when there is none, or it does not work
 */
export async function requireKey(
  { authenticate }: Pick<Authenticator, 'authenticate'>,
  presented: HeaderReader | string | null,
): Promise<Tenant> {
  const key = typeof presented === 'object' ? presented && presentedKey(presented) : presented;
  if (key !== null) return authenticate(key);
  throw new UnauthenticatedError(
    'This needs an API key: send it as the header "Authorization: Bearer KEY".',
  );
}
