import {
  payloadOf,
  textOf,
  type WebhookDeliveryFilter,
  webhookDeliveries,
  type WebhookPayload,
} from '../../analytics/webhook-deliveries.ts';
import type { RowOf } from '../../db/columns.ts';
import { NotFoundError } from '../../errors.ts';
import { redeliverWebhook } from '../../ingest/redeliver-webhook.ts';
import { builder } from '../builder.ts';
import { nested, orderInput, resolveList } from '../connection.ts';
import { describe, TimeRange } from '../fields.ts';
import { databaseId, optionalDatabaseId } from '../node-id.ts';
import { derived, reachable } from '../related.ts';
import { BuildRef } from './build.ts';
import { WebhookDeliveryStatusRef, WebhookProviderRef } from './enums.ts';
import { WebhookSourceRef } from './webhook-source.ts';

type Delivery = RowOf['WebhookDelivery'];

const payload = derived<Delivery, WebhookPayload>('id', payloadOf, (id, { loaders }) =>
  loaders.webhookPayload(id),
);

const WebhookDeliveryRef = builder.node(builder.objectRef<Delivery>('WebhookDelivery'), {
  id: { resolve: ({ id }) => id },
  description:
    'One webhook as it came in. Forgotten after as many days as uploads are kept (30 unless set otherwise).',
  fields: (t) => ({
    databaseId: t.exposeString('id', { description: 'UUID of the delivery.' }),
    provider: t.field({
      type: WebhookProviderRef,
      description: describe('WebhookDelivery', 'provider'),
      resolve: ({ provider }) => provider,
    }),
    deliveryKey: t.exposeString('deliveryKey', {
      description: describe('WebhookDelivery', 'deliveryKey'),
    }),
    event: t.exposeString('event', { description: describe('WebhookDelivery', 'event') }),
    headers: t.field({
      type: 'JSONObject',
      description: describe('WebhookDelivery', 'headers'),
      resolve: ({ headers }) => headers,
    }),
    payload: t.string({
      description: 'The body as it was sent: its first 100,000 bytes, as UTF-8.',
      extensions: payload.extensions,
      resolve: async (...asked) => textOf(await payload.resolve(...asked)),
    }),
    payloadSizeBytes: t.int({
      description: 'How many bytes the body has.',
      extensions: payload.extensions,
      resolve: async (...asked) => (await payload.resolve(...asked)).sizeBytes,
    }),
    status: t.field({
      type: WebhookDeliveryStatusRef,
      description: describe('WebhookDelivery', 'status'),
      resolve: ({ status }) => status,
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: describe('WebhookDelivery', 'reason'),
    }),
    attempts: t.exposeInt('attempts', { description: describe('WebhookDelivery', 'attempts') }),
    receivedAt: t.expose('receivedAt', {
      type: 'DateTime',
      description: describe('WebhookDelivery', 'receivedAt'),
    }),
    processedAt: t.expose('processedAt', {
      type: 'DateTime',
      nullable: true,
      description: describe('WebhookDelivery', 'processedAt'),
    }),
    source: t.field({
      type: WebhookSourceRef,
      nullable: true,
      description: 'The source that it came to; null when it came with an API key.',
      authScopes: { capability: 'READ' },
      ...reachable<Delivery, 'WebhookSource'>('WebhookSource', 'sourceId'),
    }),
    build: t.field({
      type: BuildRef,
      nullable: true,
      description: 'The build that it tells of; null when it tells of none, or waits.',
      authScopes: { capability: 'READ' },
      ...reachable<Delivery, 'Build'>('Build', 'buildId'),
    }),
  }),
});

const WebhookDeliveryConnection = builder.connectionObject(
  {
    type: WebhookDeliveryRef,
    name: 'WebhookDeliveryConnection',
    description: 'A page of webhooks.',
  },
  { name: 'WebhookDeliveryEdge', description: 'A webhook and its place in the list.' },
);

const filter = builder.inputType('WebhookDeliveryFilter', {
  description: 'Which webhooks. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    provider: t.field({ type: [WebhookProviderRef], description: 'Only of one of these.' }),
    status: t.field({
      type: [WebhookDeliveryStatusRef],
      description: 'Only those of which this became.',
    }),
    event: t.stringList({ description: 'Only of one of these events, e.g. `workflow_run`.' }),
    sourceId: t.id({
      description: 'Only those that came to this source, by its `id` or `databaseId`.',
    }),
    receivedAt: t.field({ type: TimeRange, description: 'Only those that came in then.' }),
  }),
});

function toFilter(asked: WebhookDeliveryFilter): WebhookDeliveryFilter {
  const sourceId = optionalDatabaseId('WebhookSource', asked.sourceId, ['filter', 'sourceId']);
  return { ...asked, sourceId };
}

const order = orderInput('WebhookDeliveryOrder', { RECEIVED_AT: 'When it came in.' });

builder.queryField('webhookDeliveries', (t) =>
  t.connection(
    {
      type: WebhookDeliveryRef,
      description: 'Webhooks that came in, latest first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which webhooks.' }),
        orderBy: t.arg({ type: order, description: 'RECEIVED_AT DESC when absent.' }),
      },
      resolve: resolveList(webhookDeliveries, toFilter),
    },
    WebhookDeliveryConnection,
  ),
);

builder.objectFields(WebhookSourceRef, (t) => ({
  deliveries: t.connection(
    {
      type: WebhookDeliveryRef,
      description: 'Webhooks that came to it, latest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: filter, description: 'Which of them.' }),
        orderBy: t.arg({ type: order, description: 'RECEIVED_AT DESC when absent.' }),
      },
      ...nested(
        webhookDeliveries,
        toFilter,
        { name: 'sourceId', type: 'uuid' },
        'id' satisfies keyof RowOf['WebhookSource'],
      ),
    },
    WebhookDeliveryConnection,
  ),
}));

const RedeliverWebhookPayload = builder
  .objectRef<{ readonly delivery: Delivery }>('RedeliverWebhookPayload')
  .implement({
    description: 'A webhook that is read once more.',
    fields: (t) => ({
      delivery: t.field({
        type: WebhookDeliveryRef,
        description: 'The delivery, whose status is RECEIVED until it is read.',
        authScopes: { capability: 'READ' },
        resolve: ({ delivery }) => delivery,
      }),
    }),
  });

builder.mutationField('redeliverWebhook', (t) =>
  t.field({
    type: RedeliverWebhookPayload,
    description:
      'Queues a webhook to be read once more, whatever became of it. Where what it tells is stored already, nothing changes. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      id: t.arg.id({ required: true, description: '`id` or `databaseId` of the delivery.' }),
    },
    resolve: (_root, { id }, ctx) =>
      redeliverWebhook(ctx, { id: databaseId('WebhookDelivery', id, ['id']) }),
  }),
);
