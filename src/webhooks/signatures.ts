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

/** Where CI systems that sign their webhooks put the signature; the others send a secret as it is. */
const signers: Readonly<
  Partial<Record<WebhookProvider, (signed: Signed, secret: string) => Verdict>>
> = {
  GITHUB: ({ headers, body }, secret) =>
    verdict(prefixed(headers.get('x-hub-signature-256'), 'sha256='), secret, body),
  BITBUCKET: ({ headers, body }, secret) =>
    verdict(prefixed(headers.get('x-hub-signature'), 'sha256='), secret, body),
  CIRCLECI: ({ headers, body }, secret) =>
    verdict(prefixed(headers.get('circleci-signature'), 'v1='), secret, body),
  BUILDKITE: buildkiteVerdict,
};

/** The CI systems whose webhooks always have a signature when they have a secret. */
const alwaysSigned: readonly WebhookProvider[] = ['GITHUB', 'BITBUCKET', 'CIRCLECI'];

/** Whether the CI system proves that it knows a secret by nothing but a signature. */
export function signsAlways(provider: WebhookProvider): boolean {
  return alwaysSigned.includes(provider);
}

/** Says whether the secret made the signature of a request, over the bytes of its body, in constant time. */
export function checkSignature(provider: WebhookProvider, signed: Signed, secret: string): Verdict {
  return signers[provider]?.(signed, secret) ?? 'unsigned';
}

/** The time that is signed together with the body, as it is written; null where none is. */
export function signedTime(provider: WebhookProvider, headers: Headers): string | null {
  const said = provider === 'BUILDKITE' ? headers.get('x-buildkite-signature') : null;
  return prefixed(said, 'timestamp=');
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Of `sha256=…`, or of a list such as `v1=…,v2=…`; empty when there is none of this kind. */
function prefixed(said: string | null, prefix: string): string | null {
  if (said === null) return null;
  const parts = said.split(',').map((part) => part.trim());
  return parts.find((part) => part.startsWith(prefix))?.slice(prefix.length) ?? '';
}

function verdict(hex: string | null, secret: string, ...content: (Uint8Array | string)[]): Verdict {
  if (hex === null) return 'unsigned';
  const hmac = createHmac('sha256', secret);
  for (const part of content) hmac.update(part);
  return isSame(hex.toLowerCase(), hmac.digest('hex')) ? 'valid' : 'invalid';
}

/** `timestamp=<unix seconds>,signature=<hex>`; an old one is somebody's who kept it. */
function buildkiteVerdict({ headers, body, now }: Signed, secret: string): Verdict {
  const said = headers.get('x-buildkite-signature');
  const timestamp = prefixed(said, 'timestamp=');
  if (timestamp === null) return 'unsigned';
  const ageMs = Math.abs(now.getTime() - Number(timestamp) * 1000);
  if (!/^\d{1,12}$/.test(timestamp) || ageMs > staleMs) return 'invalid';
  return verdict(prefixed(said, 'signature='), secret, `${timestamp}.`, body);
}
