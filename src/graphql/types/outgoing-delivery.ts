import {
  outgoingDeliveries,
  type OutgoingWebhookDeliveryFilter,
} from '../../analytics/outgoing-deliveries.ts';
import type { RowOf } from '../../db/columns.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import { replayWebhook } from '../../outgoing/replay-webhook.ts';
import { sendTestWebhook } from '../../outgoing/send-test-webhook.ts';
import { builder } from '../builder.ts';
import { nested, orderInput } from '../connection.ts';
import { describe, TimeRange } from '../fields.ts';
import { databaseId } from '../node-id.ts';
import { related } from '../related.ts';
import { OutgoingMessageStatusRef } from './enums.ts';
import { WebhookEndpointRef } from './outgoing-webhook.ts';

type Message = RowOf['OutgoingWebhookMessage'];
type Delivery = RowOf['OutgoingWebhookDelivery'];

const kept =
  'Forgotten after as many days as uploads are kept (30 unless set otherwise), but not while it waits.';

const MessageRef = builder.objectRef<Message>('OutgoingWebhookMessage').implement({
  description: `One event for one endpoint. Each attempt to send it is a delivery. ${kept}`,
  fields: (t) => ({
    databaseId: t.exposeString('id', {
      description: 'UUID of the message: the header `webhook-id` of all its deliveries.',
    }),
    event: t.exposeString('event', { description: describe('OutgoingWebhookMessage', 'event') }),
    body: t.exposeString('body', { description: describe('OutgoingWebhookMessage', 'body') }),
    status: t.field({
      type: OutgoingMessageStatusRef,
      description: describe('OutgoingWebhookMessage', 'status'),
      resolve: ({ status }) => status,
    }),
    attempts: t.exposeInt('attempts', {
      description: describe('OutgoingWebhookMessage', 'attempts'),
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: describe('OutgoingWebhookMessage', 'nextAttemptAt'),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: describe('OutgoingWebhookMessage', 'createdAt'),
    }),
    endpoint: t.field({
      type: WebhookEndpointRef,
      description: 'The endpoint it is for.',
      authScopes: { capability: 'READ' },
      ...related<Message, 'WebhookEndpoint'>('WebhookEndpoint', 'endpointId'),
    }),
  }),
});

const DeliveryRef = builder.node(builder.objectRef<Delivery>('OutgoingWebhookDelivery'), {
  id: { resolve: ({ id }) => id },
  description: 'One attempt to send a webhook, and what came of it.',
  fields: (t) => ({
    databaseId: t.exposeString('id', { description: 'UUID of the delivery.' }),
    event: t.exposeString('event', { description: describe('OutgoingWebhookDelivery', 'event') }),
    attempt: t.exposeInt('attempt', {
      description: describe('OutgoingWebhookDelivery', 'attempt'),
    }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      description: describe('OutgoingWebhookDelivery', 'sentAt'),
    }),
    durationMs: t.exposeInt('durationMs', {
      description: describe('OutgoingWebhookDelivery', 'durationMs'),
    }),
    succeeded: t.exposeBoolean('succeeded', {
      description: describe('OutgoingWebhookDelivery', 'succeeded'),
    }),
    statusCode: t.exposeInt('statusCode', {
      nullable: true,
      description: describe('OutgoingWebhookDelivery', 'statusCode'),
    }),
    answer: t.exposeString('answer', {
      nullable: true,
      description: describe('OutgoingWebhookDelivery', 'answer'),
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: describe('OutgoingWebhookDelivery', 'error'),
    }),
    message: t.field({
      type: MessageRef,
      description: 'What was sent.',
      authScopes: { capability: 'READ' },
      ...related<Delivery, 'OutgoingWebhookMessage'>('OutgoingWebhookMessage', 'messageId'),
    }),
    endpoint: t.field({
      type: WebhookEndpointRef,
      description: 'The endpoint it was sent to.',
      authScopes: { capability: 'READ' },
      ...related<Delivery, 'WebhookEndpoint'>('WebhookEndpoint', 'endpointId'),
    }),
  }),
});

const DeliveryConnection = builder.connectionObject(
  {
    type: DeliveryRef,
    name: 'OutgoingWebhookDeliveryConnection',
    description: 'A page of deliveries.',
  },
  { name: 'OutgoingWebhookDeliveryEdge', description: 'A delivery and its place in the list.' },
);

const filter = builder.inputType('OutgoingWebhookDeliveryFilter', {
  description: 'Which deliveries. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    event: t.stringList({
      description: 'Only of one of these events, e.g. `flaky_test.state_changed`.',
    }),
    succeeded: t.boolean({ description: 'Only those that succeeded, or only those that failed.' }),
    sentAt: t.field({ type: TimeRange, description: 'Only those that were sent then.' }),
  }),
});

const order = orderInput('OutgoingWebhookDeliveryOrder', { SENT_AT: 'When it was sent.' });

builder.objectFields(WebhookEndpointRef, (t) => ({
  deliveries: t.connection(
    {
      type: DeliveryRef,
      description: 'Each time that something was sent to it, the latest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: filter, description: 'Which of them.' }),
        orderBy: t.arg({ type: order, description: 'SENT_AT DESC when absent.' }),
      },
      ...nested(
        outgoingDeliveries,
        (asked: OutgoingWebhookDeliveryFilter) => asked,
        { name: 'endpointId', type: 'uuid' },
        'id' satisfies keyof RowOf['WebhookEndpoint'],
      ),
    },
    DeliveryConnection,
  ),
}));

const SendTestWebhookPayload = builder
  .objectRef<{ readonly delivery: Delivery }>('SendTestWebhookPayload')
  .implement({
    description: 'Result of a test delivery.',
    fields: (t) => ({
      delivery: t.field({
        type: DeliveryRef,
        description: 'The delivery.',
        resolve: ({ delivery }) => delivery,
      }),
    }),
  });

const ReplayWebhookPayload = builder
  .objectRef<{ readonly outgoingMessage: Message }>('ReplayWebhookPayload')
  .implement({
    description: 'A message that is sent again.',
    fields: (t) => ({
      outgoingMessage: t.field({
        type: MessageRef,
        description: 'The message as it waits to be sent.',
        resolve: ({ outgoingMessage }) => outgoingMessage,
      }),
    }),
  });

builder.mutationFields((t) => ({
  sendTestWebhook: t.field({
    type: SendTestWebhookPayload,
    description:
      'Sends `webhook.test` to an endpoint that is not disabled, once, and waits at most 15 seconds for its answer. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      endpointId: t.arg.id({
        required: true,
        description: '`id` or `databaseId` of the endpoint.',
      }),
    },
    resolve: async (_root, args, ctx) => {
      const endpointId = databaseId('WebhookEndpoint', args.endpointId, ['endpointId']);
      return { delivery: await sendTestWebhook(ctx, { endpointId }) };
    },
  }),
  replayWebhook: t.field({
    type: ReplayWebhookPayload,
    description:
      'Sends the message of a delivery again, whatever became of it: the same `webhook-id` and body, signed anew. Needs MANAGE.',
    errors: { types: [NotFoundError, ConflictError] },
    args: {
      deliveryId: t.arg.id({
        required: true,
        description: '`id` or `databaseId` of the delivery.',
      }),
    },
    resolve: async (_root, args, ctx) => {
      const deliveryId = databaseId('OutgoingWebhookDelivery', args.deliveryId, ['deliveryId']);
      return { outgoingMessage: await replayWebhook(ctx, { deliveryId }) };
    },
  }),
}));
