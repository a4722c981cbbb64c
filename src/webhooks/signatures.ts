import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookProvider } from '../db/generated/prisma/enums.ts';

/** What was signed. */
export interface Signed {
  readonly headers: Headers;
  /** Byte for byte as it came. */
  readonly body: Uint8Array;
  readonly now: Date;
}

/** What a request's signature says: nothing without one, else whether the secret made it. */
export type Verdict = 'unsigned' | 'valid' | 'invalid';

const staleMs = 5 * 60_000;

interface Signer {
  /** Where the signature stands. */
  readonly header: string;
  /** Whether the secret made it. */
  readonly check: (said: string, signed: Signed, secret: string) => boolean;
}

/** Where CI systems that sign their webhooks put the signature; the others send a secret as it is. */
const signers: Readonly<Partial<Record<WebhookProvider, Signer>>> = {
  GITHUB: ofBody('x-hub-signature-256', 'sha256='),
  BITBUCKET: ofBody('x-hub-signature', 'sha256='),
  CIRCLECI: ofBody('circleci-signature', 'v1='),
  BUILDKITE: { header: 'x-buildkite-signature', check: isOfBodyAndTime },
};

/** The CI systems whose webhooks always have a signature when they have a secret. */
const alwaysSigned: readonly WebhookProvider[] = ['GITHUB', 'BITBUCKET', 'CIRCLECI'];

/** Whether the CI system proves that it knows a secret by nothing but a signature. */
export function signsAlways(provider: WebhookProvider): boolean {
  return alwaysSigned.includes(provider);
}

/** Whether a request comes with a signature, right or wrong. */
export function isSigned(provider: WebhookProvider, headers: Headers): boolean {
  const header = signers[provider]?.header;
  return header !== undefined && headers.has(header);
}

/** Says whether the secret made the signature of a request, over the bytes of its body, in constant time. */
export function checkSignature(provider: WebhookProvider, signed: Signed, secret: string): Verdict {
  const signer = signers[provider];
  const said = signer === undefined ? null : signed.headers.get(signer.header);
  if (signer === undefined || said === null) return 'unsigned';
  return signer.check(said, signed, secret) ? 'valid' : 'invalid';
}

/** The time that is signed together with the body, as it is written; null where none is. */
export function signedTime(provider: WebhookProvider, headers: Headers): string | null {
  const said = provider === 'BUILDKITE' ? headers.get('x-buildkite-signature') : null;
  return said === null ? null : partOf(said, 'timestamp=');
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Of `sha256=…`, or of a list such as `v1=…,v2=…`; empty when there is none of this kind. */
function partOf(said: string, prefix: string): string {
  const parts = said.split(',').map((part) => part.trim());
  return parts.find((part) => part.startsWith(prefix))?.slice(prefix.length) ?? '';
}

function ofBody(header: string, prefix: string): Signer {
  return {
    header,
    check: (said, { body }, secret) => isMadeWith(secret, partOf(said, prefix), body),
  };
}

function isMadeWith(secret: string, hex: string, ...content: (Uint8Array | string)[]): boolean {
  const hmac = createHmac('sha256', secret);
  for (const part of content) hmac.update(part);
  return isSame(hex.toLowerCase(), hmac.digest('hex'));
}

/** `timestamp=<unix seconds>,signature=<hex>`; an old one is somebody's who kept it. */
function isOfBodyAndTime(said: string, { body, now }: Signed, secret: string): boolean {
  const timestamp = partOf(said, 'timestamp=');
  const ageMs = Math.abs(now.getTime() - Number(timestamp) * 1000);
  if (!/^\d{1,12}$/.test(timestamp) || ageMs > staleMs) return false;
  return isMadeWith(secret, partOf(said, 'signature='), `${timestamp}.`, body);
}
