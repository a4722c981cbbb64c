import type { Tenant } from '../context.ts';
import type { WebhookProvider } from '../db/generated/prisma/enums.ts';
import type { Database } from '../db/client.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import { findWebhookSource } from '../identity/find-webhook-source.ts';
import { presentedKey } from '../identity/presented-key.ts';
import { requireCapability } from '../identity/require-capability.ts';
import type { SecretBox } from '../identity/seal.ts';
import { webhookTenant } from '../identity/webhook-tenant.ts';
import { checkSignature, isSame, isSigned, type Signed, signsAlways } from './signatures.ts';

export interface SenderServices {
  readonly db: Database;
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly secrets: SecretBox;
}

/** A request but for its body, and where it was sent to. */
export interface SentWebhook extends Omit<Signed, 'body'> {
  readonly provider: WebhookProvider;
  readonly query: URLSearchParams;
}

/**
 * Gives whose the webhook is, now that its body is read: bodies of strangers are not kept.
 *
 * @throws {UnauthenticatedError} when the signature is stale or wrong
 */
export type CheckBody = (body: Uint8Array) => Sender;

export interface Sender {
  readonly tenant: Tenant;
  readonly sourceId: string | null;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One answer for all, so that it tells nothing about sources and keys. */
const refusal = (): UnauthenticatedError =>
  new UnauthenticatedError(
    'The signature or secret of this webhook is missing, stale or wrong, or its source is unknown or revoked.',
  );

/**
 * Says how the body of a webhook is checked that came to the address of a source: its secret has to have signed it, or to
 * come with it where its CI system signs nothing.
 *
 * @throws {UnauthenticatedError} when there is no such source, or neither a signature nor the secret
 */
export async function identifySource(
  services: SenderServices,
  sent: SentWebhook,
  sourceId: string,
): Promise<CheckBody> {
  const { provider } = sent;
  const source = uuid.test(sourceId)
    ? await findWebhookSource(services, provider, sourceId.toLowerCase())
    : undefined;
  if (source === undefined) throw refusal();
  if (!isSigned(provider, sent.headers)) {
    const secret = signsAlways(provider) ? null : presentedSecret(sent);
    if (secret === null || !isSame(secret, source.secret)) throw refusal();
  }
  return (body) => {
    if (checkSignature(provider, { ...sent, body }, source.secret) === 'invalid') throw refusal();
    return { tenant: webhookTenant(source.organizationId), sourceId: source.sourceId };
  };
}

/**
 * Says how the body of a webhook is checked that came with an API key, in any of the ways that BuildButler took them (Contract:
 * buildbutler.md 3 and 8). The key is not stored in clear: where the CI system signs with it, it has to be in the
 * address too.
 *
 * @throws {UnauthenticatedError} without a key that works
 * @throws {ForbiddenError} when the key may not send
 */
export async function identifyKey(
  { authenticator }: Pick<SenderServices, 'authenticator'>,
  sent: SentWebhook,
): Promise<CheckBody> {
  const key = presentedSecret(sent);
  if (key === null) {
    throw new UnauthenticatedError(
      'This needs the address of a webhook source (mutation createWebhookSource), or an API key: as ?apiKey=, as the token of the webhook, or in a header.',
    );
  }
  const tenant = await authenticator.authenticate(key);
  requireCapability(tenant, 'INGEST');
  return (body) => {
    if (checkSignature(sent.provider, { ...sent, body }, key) === 'invalid') throw refusal();
    return { tenant, sourceId: null };
  };
}

const tokenHeaders: Readonly<Partial<Record<WebhookProvider, string>>> = {
  GITLAB: 'x-gitlab-token',
  BUILDKITE: 'x-buildkite-token',
};

/** The first that is there: the CI's own token, one in the address, the password of Basic, an API key in a header. */
function presentedSecret({ provider, headers, query }: SentWebhook): string | null {
  const header = tokenHeaders[provider];
  const token = header === undefined ? null : headers.get(header);
  const said =
    token ??
    query.get('apiKey') ??
    query.get('token') ??
    passwordOf(headers.get('authorization')) ??
    presentedKey(headers);
  return said === null || said.trim() === '' ? null : said.trim();
}

/** The password of Basic; its user where there is no password. */
function passwordOf(authorization: string | null): string | null {
  const [, encoded] = /^basic\s+(\S+)$/i.exec(authorization?.trim() ?? '') ?? [];
  if (encoded === undefined) return null;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return password.join(':') || user;
}
