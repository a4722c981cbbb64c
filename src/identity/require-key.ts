import type { Tenant } from '../context.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Authenticator } from './authenticate.ts';
import { type HeaderReader, presentedKey } from './presented-key.ts';

/**
 * Gives the tenant whose key the headers present.
 *
 * @throws {UnauthenticatedError} when there is none, or it does not work
 */
export async function requireKey(
  { authenticate }: Pick<Authenticator, 'authenticate'>,
  headers: HeaderReader,
): Promise<Tenant> {
  const key = presentedKey(headers);
  if (key !== null) return authenticate(key);
  throw new UnauthenticatedError(
    'This needs an API key: send it as the header "Authorization: Bearer KEY".',
  );
}
