import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** An IP address that a host's name stands for. */
export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Where webhooks may go. */
export interface Outgoing {
  /** Hosts, as `name` or `name:port` in lower case, that may be reached without TLS and in private networks. */
  readonly allowedHosts: readonly string[];
  /** Looks up all addresses of a host. */
  readonly resolve: (hostname: string) => Promise<readonly Address[]>;
}

/** Whether the operator said that webhooks may go there whatever it is. */
function isAllowed({ hostname, host }: URL, { allowedHosts }: Outgoing): boolean {
  return allowedHosts.includes(hostname) || allowedHosts.includes(host);
}

/** Says why webhooks cannot be sent to a URL, if that can be told before its host is looked up. */
export function refusalOf(text: string, outgoing: Outgoing): string | null {
  if (!URL.canParse(text)) return 'must be a URL such as https://example.org/hooks';
  const url = new URL(text);
  if (!['https:', 'http:'].includes(url.protocol)) return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password';
  if (isAllowed(url, outgoing)) return null;
  if (url.protocol === 'http:') {
    return 'must begin with https://, unless the gateway allows its host (OUTGOING_ALLOW_HOSTS)';
  }
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) === 0 || isPublicAddress(literal)) return null;
  return 'must not be an address of a private network, unless the gateway allows it (OUTGOING_ALLOW_HOSTS)';
}

/**
 * Gives the addresses to connect to, looked up once: what a host's name stands for may change between a check and its
 * use.
 *
 * @throws {Error} when webhooks may not go to one of them, or there is none
 */
export async function addressesOf(url: URL, outgoing: Outgoing): Promise<readonly Address[]> {
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(literal);
  const addresses =
    family === 0 ? await outgoing.resolve(url.hostname) : [{ address: literal, family }];
  if (addresses.length === 0) throw new Error('the host has no address');
  if (isAllowed(url, outgoing) || addresses.every(({ address }) => isPublicAddress(address))) {
    return addresses;
  }
  throw new Error('the host is in a private network, which the gateway does not allow');
}
