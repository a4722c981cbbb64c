import type { RowOf } from '../../db/columns.ts';
import { NotFoundError } from '../../errors.ts';
import {
  createWebhookEndpoint,
  type EndpointWithSecret,
} from '../../outgoing/create-webhook-endpoint.ts';
import { deleteWebhookEndpoint } from '../../outgoing/delete-webhook-endpoint.ts';
import { rotateWebhookEndpointSecret } from '../../outgoing/rotate-webhook-endpoint-secret.ts';
import { updateWebhookEndpoint } from '../../outgoing/update-webhook-endpoint.ts';
import { builder } from '../builder.ts';
import { databaseId, optionalDatabaseId } from '../node-id.ts';
import { WebhookEventRef } from './enums.ts';
import { WebhookEndpointRef } from './outgoing-webhook.ts';

const CreateWebhookEndpointInput = builder.inputType('CreateWebhookEndpointInput', {
  description: 'An endpoint to make.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description:
        'Where to send, at most 2,048 characters: `https://…` on the internet, or a host that OUTGOING_ALLOW_HOSTS names.',
    }),
    events: t.field({
      type: [WebhookEventRef],
      required: true,
      description: 'Events it shall receive: at least one.',
    }),
    repositoryId: t.id({
      description:
        'Only of this repository, by its `id` or `databaseId`; of all of them when absent.',
    }),
  }),
});

const UpdateWebhookEndpointInput = builder.inputType('UpdateWebhookEndpointInput', {
  description: 'An endpoint to change. What is absent stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`id` or `databaseId` of the endpoint.' }),
    url: t.string({ description: 'Where to send, as in CreateWebhookEndpointInput.' }),
    events: t.field({
      type: [WebhookEventRef],
      description: 'Events it shall receive: at least one.',
    }),
    repositoryId: t.id({
      description: 'Only of this repository, by its `id` or `databaseId`; null: of all of them.',
    }),
    isEnabled: t.boolean({
      description:
        'Enables or disables it. Events that happen while it is disabled are not sent later.',
    }),
  }),
});

const DeleteWebhookEndpointInput = builder.inputType('DeleteWebhookEndpointInput', {
  description: 'An endpoint to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`id` or `databaseId` of the endpoint.' }),
  }),
});

const RotateWebhookEndpointSecretInput = builder.inputType('RotateWebhookEndpointSecretInput', {
  description: 'An endpoint that is to have another secret.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`id` or `databaseId` of the endpoint.' }),
  }),
});

const secretDescription =
  'What its webhooks are signed with: `whsec_` and base64. This is the only time that it is shown.';

const CreateWebhookEndpointPayload = builder
  .objectRef<EndpointWithSecret>('CreateWebhookEndpointPayload')
  .implement({
    description: 'A new endpoint.',
    fields: (t) => ({
      endpoint: t.field({
        type: WebhookEndpointRef,
        description: 'The endpoint that was made.',
        resolve: ({ endpoint }) => endpoint,
      }),
      secret: t.exposeString('secret', { description: secretDescription }),
    }),
  });

const UpdateWebhookEndpointPayload = builder
  .objectRef<{ readonly endpoint: RowOf['WebhookEndpoint'] }>('UpdateWebhookEndpointPayload')
  .implement({
    description: 'An endpoint that was changed.',
    fields: (t) => ({
      endpoint: t.field({
        type: WebhookEndpointRef,
        description: 'The endpoint as it is now.',
        resolve: ({ endpoint }) => endpoint,
      }),
    }),
  });

const DeleteWebhookEndpointPayload = builder
  .objectRef<{ readonly deletedId: string }>('DeleteWebhookEndpointPayload')
  .implement({
    description: 'An endpoint that is no more.',
    fields: (t) => ({
      deletedId: t.exposeString('deletedId', { description: 'UUID of the endpoint that was.' }),
    }),
  });

const RotateWebhookEndpointSecretPayload = builder
  .objectRef<EndpointWithSecret>('RotateWebhookEndpointSecretPayload')
  .implement({
    description: 'An endpoint with another secret.',
    fields: (t) => ({
      endpoint: t.field({
        type: WebhookEndpointRef,
        description: 'The endpoint.',
        resolve: ({ endpoint }) => endpoint,
      }),
      secret: t.exposeString('secret', { description: secretDescription }),
    }),
  });

const endpointIdPath = ['input', 'id'];
const repositoryIdPath = ['input', 'repositoryId'];

builder.mutationFields((t) => ({
  createWebhookEndpoint: t.field({
    type: CreateWebhookEndpointPayload,
    description:
      'Makes an endpoint that is told of events from now on and shows its secret, once. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({
        type: CreateWebhookEndpointInput,
        required: true,
        description: 'The endpoint to make.',
      }),
    },
    resolve: (_root, { input }, ctx) =>
      createWebhookEndpoint(ctx, {
        ...input,
        repositoryId: optionalDatabaseId('Repository', input.repositoryId, repositoryIdPath),
      }),
  }),
  updateWebhookEndpoint: t.field({
    type: UpdateWebhookEndpointPayload,
    description:
      'Changes an endpoint. One that is enabled again begins with a clean slate. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({
        type: UpdateWebhookEndpointInput,
        required: true,
        description: 'What is to change.',
      }),
    },
    resolve: async (_root, { input: { repositoryId, ...input } }, ctx) => ({
      endpoint: await updateWebhookEndpoint(ctx, {
        ...input,
        id: databaseId('WebhookEndpoint', input.id, endpointIdPath),
        // Absent is not null here.
        ...(repositoryId === undefined
          ? {}
          : { repositoryId: optionalDatabaseId('Repository', repositoryId, repositoryIdPath) }),
      }),
    }),
  }),
  deleteWebhookEndpoint: t.field({
    type: DeleteWebhookEndpointPayload,
    description: 'Deletes an endpoint with all that was, or was to be, sent to it. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({
        type: DeleteWebhookEndpointInput,
        required: true,
        description: 'The endpoint to delete.',
      }),
    },
    resolve: async (_root, { input }, ctx) => {
      const id = databaseId('WebhookEndpoint', input.id, endpointIdPath);
      return { deletedId: await deleteWebhookEndpoint(ctx, { id }) };
    },
  }),
  rotateWebhookEndpointSecret: t.field({
    type: RotateWebhookEndpointSecretPayload,
    description:
      'Gives an endpoint another secret and shows it, once. For 24 hours webhooks are signed with the one before too. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({
        type: RotateWebhookEndpointSecretInput,
        required: true,
        description: 'The endpoint.',
      }),
    },
    resolve: (_root, { input }, ctx) =>
      rotateWebhookEndpointSecret(ctx, {
        id: databaseId('WebhookEndpoint', input.id, endpointIdPath),
      }),
  }),
}));
