import { createHmac, randomBytes } from 'node:crypto';

const secretBytes = 32;
const secretPrefix = 'whsec_';

/** Gives a new secret: `whsec_` and 32 random bytes in base64. */
export function createWebhookSecret(): string {
  return `${secretPrefix}${randomBytes(secretBytes).toString('base64')}`;
}

/** What is signed of a webhook. */
export interface SignedContent {
  readonly id: string;
  readonly sentAt: Date;
  readonly body: string;
}

/**
 * Gives the headers that prove who sent a webhook, with a signature for each of the secrets.
 * Source: https://www.standardwebhooks.com, "Signature scheme".
 *
 * @param secrets as `createWebhookSecret` makes them
 */
export function signatureHeaders(
  { id, sentAt, body }: SignedContent,
  secrets: readonly string[],
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
