import { Hono } from 'hono';
import type { ServiceContext } from '../context.ts';
import type { WebhookProvider } from '../db/generated/prisma/enums.ts';
import { receiveWebhook, type ReceiveWebhookInput } from '../ingest/receive-webhook.ts';
import { keptHeaders } from './headers.ts';
import {
  type CheckBody,
  identifyKey,
  identifySource,
  type SenderServices,
  type SentWebhook,
} from './identify-sender.ts';
import { createTurns } from './limit-bodies.ts';
import { deliveryKeyOf, eventOf, providerAt, providers, translateWebhook } from './providers.ts';
import { dropBody, rawBody, readWebhook } from './read-body.ts';
import { refuse } from './refuse.ts';
import { signedTime } from './signatures.ts';

export interface WebhooksOptions extends Omit<SenderServices, 'db'> {
  readonly service: Omit<ServiceContext, 'tenant'>;
}

/**
 * Makes the door for webhooks of CI systems, `POST /webhooks/{provider}` and `POST /webhooks/{provider}/{sourceId}`
 * (Contract: buildbutler.md 8). A webhook is stored as it came and answered; what it tells is read afterwards.
 */
export function createWebhooks(options: WebhooksOptions): Hono {
  const { log } = options.service;
  const inTurn = createTurns();
  const webhooks = new Hono({ strict: false }); // a slash at the end of a path changes nothing
  webhooks.post('/webhooks/:provider/:sourceId?', async (c) => {
    const provider = providerAt(c.req.param('provider').toLowerCase());
    if (provider === undefined) return c.notFound();
    const sourceId = c.req.param('sourceId')?.toLowerCase();
    const sent = await identify(options, provider, c.req.raw, sourceId);
    const answer = await inTurn(c.req.raw, sourceId, () => take(options, sent));
    return c.json(answer.body, answer.status);
  });
  webhooks.onError((error, c) => refuse(c, error, log));
  webhooks.notFound((c) => c.json({ error: { code: 'not_found', message: notFound } }, 404));
  return webhooks;
}

const paths = Object.values(providers).map(({ path }) => path);
const notFound = `There is nothing here; webhooks are taken by POST at /webhooks/{${paths.join(',')}}.`;

interface Answer {
  readonly status: 200 | 400;
  readonly body: object;
}

interface Identified extends SentWebhook {
  readonly request: Request;
  readonly check: CheckBody;
}

/** Of a stranger nothing is read but to the end. */
async function identify(
  options: WebhooksOptions,
  provider: WebhookProvider,
  request: Request,
  sourceId: string | undefined,
): Promise<Identified> {
  const { service } = options;
  const query = new URL(request.url).searchParams;
  const sent = { provider, headers: request.headers, query, now: service.now() };
  const services = { ...options, db: service.db };
  try {
    const check = await (sourceId === undefined
      ? identifyKey(services, sent)
      : identifySource(services, sent, sourceId));
    return { ...sent, request, check };
  } catch (error) {
    await dropBody(request);
    throw error;
  }
}

async function take(
  { service }: WebhooksOptions,
  { request, check, ...sent }: Identified,
): Promise<Answer> {
  const body = await rawBody(request);
  const sender = check(body);
  const input = toInput(sent, body, sender.sourceId);
  const { deliveryId, status } = await receiveWebhook({ ...service, tenant: sender.tenant }, input);
  if (input.status === 'FAILED') {
    return { status: 400, body: { error: { code: 'bad_request', message: input.reason } } };
  }
  if (input.status === 'IGNORED') {
    return { status: 200, body: { id: deliveryId, ignored: true, reason: input.reason } };
  }
  return { status: 200, body: { id: deliveryId, status: status.toLowerCase() } };
}

/** What can be said of it at once. Nothing is parsed before its sender is known. */
function toInput(
  { provider, headers: all, now }: SentWebhook,
  body: Uint8Array,
  sourceId: string | null,
): ReceiveWebhookInput {
  const headers = keptHeaders(all);
  const content = readWebhook(body, headers);
  const payload = 'payload' in content ? content.payload : undefined;
  const event = eventOf(provider, headers, payload);
  const sentAt = signedTime(provider, all) ?? now.toISOString();
  const deliveryKey = deliveryKeyOf(provider, headers, { event, payload, body, sentAt });
  const delivery = { provider, sourceId, deliveryKey, event, headers, body };
  if ('problem' in content) return { ...delivery, status: 'FAILED', reason: content.problem };
  const told = translateWebhook({ provider, event, payload, receivedAt: now });
  return 'ignored' in told
    ? { ...delivery, status: 'IGNORED', reason: told.ignored }
    : { ...delivery, status: 'RECEIVED', reason: null };
}
