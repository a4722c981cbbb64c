import { lookup } from 'node:dns/promises';
import type { Outgoing } from './target.ts';

/** Says where webhooks may go: anywhere on the internet over TLS, and to the hosts named. */
export function createOutgoing(allowedHosts: readonly string[]): Outgoing {
  return { allowedHosts, resolve: (hostname) => lookup(hostname, { all: true }) };
}
