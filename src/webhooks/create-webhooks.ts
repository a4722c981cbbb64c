import { Hono } from 'hono';
import type { ServiceContext } from '../context.ts';
import type { WebhookProvider } from '../db/generated/prisma/enums.ts';
import { receiveWebhook, type ReceiveWebhookInput } from '../ingest/receive-webhook.ts';
import { keptHeaders } from './headers.ts';
import {
  identifyKey,
  identifySource,
  type SenderServices,
  type SentWebhook,
} from './identify-sender.ts';
import { deliveryKeyOf, eventOf, providerAt, providers, translateWebhook } from './providers.ts';
import { rawBody, readWebhook } from './read-body.ts';
import { refuse } from './refuse.ts';

export interface WebhooksOptions extends Omit<SenderServices, 'db'> {
  readonly service: Omit<ServiceContext, 'tenant'>;
}

/**
 * Makes the door for webhooks of CI systems, `POST /webhooks/{provider}` and `POST /webhooks/{provider}/{sourceId}`
 * (Contract: buildbutler.md 8). A webhook is stored as it came and answered; what it tells is read afterwards.
 */
export function createWebhooks(options: WebhooksOptions): Hono {
  const { log } = options.service;
  const webhooks = new Hono({ strict: false }); // a slash at the end of a path changes nothing
  webhooks.post('/webhooks/:provider/:sourceId?', async (c) => {
    const provider = providerAt(c.req.param('provider').toLowerCase());
    if (provider === undefined) return c.notFound();
    const answer = await take(options, provider, c.req.raw, c.req.param('sourceId'));
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

async function take(
  options: WebhooksOptions,
  provider: WebhookProvider,
  request: Request,
  sourceId: string | undefined,
): Promise<Answer> {
  const { service } = options;
  const now = service.now();
  const { headers } = request;
  const body = await rawBody(request);
  const query = new URL(request.url).searchParams;
  const sent: SentWebhook = { provider, headers, query, body, now };
  const services = { ...options, db: service.db };
  const sender =
    sourceId === undefined
      ? await identifyKey(services, sent)
      : await identifySource(services, sent, sourceId);
  const input = toInput(sent, sender.sourceId);
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
  { provider, headers: all, body, now }: SentWebhook,
  sourceId: string | null,
): ReceiveWebhookInput {
  const headers = keptHeaders(all);
  const content = readWebhook(body, headers);
  const payload = 'payload' in content ? content.payload : undefined;
  const event = eventOf(provider, headers, payload);
  const deliveryKey = deliveryKeyOf(provider, headers, { event, payload, body });
  const delivery = { provider, sourceId, deliveryKey, event, headers, body };
  if ('problem' in content) return { ...delivery, status: 'FAILED', reason: content.problem };
  const told = translateWebhook({ provider, event, payload, receivedAt: now });
  return 'ignored' in told
    ? { ...delivery, status: 'IGNORED', reason: told.ignored }
    : { ...delivery, status: 'RECEIVED', reason: null };
}
