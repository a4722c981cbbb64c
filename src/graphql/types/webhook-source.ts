import { type WebhookSourceFilter, webhookSources } from '../../analytics/webhook-sources.ts';
import type { RowOf } from '../../db/columns.ts';
import { NotFoundError } from '../../errors.ts';
import { createWebhookSource } from '../../identity/create-webhook-source.ts';
import { revokeWebhookSource } from '../../identity/revoke-webhook-source.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { describe } from '../fields.ts';
import { databaseId } from '../node-id.ts';
import { WebhookProviderRef } from './enums.ts';

export const WebhookSourceRef = builder.node(
  builder.objectRef<RowOf['WebhookSource']>('WebhookSource'),
  {
    id: { resolve: ({ id }) => id },
    description: 'Where a CI system may send its webhooks: an address and a secret.',
    fields: (t) => ({
      databaseId: t.exposeString('id', { description: 'UUID of the source.' }),
      provider: t.field({
        type: WebhookProviderRef,
        description: describe('WebhookSource', 'provider'),
        resolve: ({ provider }) => provider,
      }),
      name: t.exposeString('name', { description: describe('WebhookSource', 'name') }),
      path: t.string({
        description: 'Path of its address on this gateway, e.g. `/webhooks/github/…`.',
        resolve: pathOf,
      }),
      createdAt: t.expose('createdAt', {
        type: 'DateTime',
        description: describe('WebhookSource', 'createdAt'),
      }),
      revokedAt: t.expose('revokedAt', {
        type: 'DateTime',
        nullable: true,
        description: describe('WebhookSource', 'revokedAt'),
      }),
    }),
  },
);

function pathOf({ provider, id }: Pick<RowOf['WebhookSource'], 'provider' | 'id'>): string {
  return `/webhooks/${provider.toLowerCase()}/${id}`;
}

const WebhookSourceConnection = builder.connectionObject(
  {
    type: WebhookSourceRef,
    name: 'WebhookSourceConnection',
    description: 'A page of sources of webhooks.',
  },
  { name: 'WebhookSourceEdge', description: 'A source and its place in the list.' },
);

const filter = builder.inputType('WebhookSourceFilter', {
  description: 'Which sources. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    provider: t.field({ type: [WebhookProviderRef], description: 'Only of one of these.' }),
    isRevoked: t.boolean({ description: 'Only those that were revoked, or only the others.' }),
  }),
});

const order = orderInput('WebhookSourceOrder', { CREATED_AT: 'When it was made.' });

builder.queryField('webhookSources', (t) =>
  t.connection(
    {
      type: WebhookSourceRef,
      description: 'Sources of webhooks, revoked ones too, those made last first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which sources.' }),
        orderBy: t.arg({ type: order, description: 'CREATED_AT DESC when absent.' }),
      },
      resolve: resolveList(webhookSources, (asked: WebhookSourceFilter) => asked),
    },
    WebhookSourceConnection,
  ),
);

const CreateWebhookSourceInput = builder.inputType('CreateWebhookSourceInput', {
  description: 'A source of webhooks to make.',
  fields: (t) => ({
    provider: t.field({
      type: WebhookProviderRef,
      required: true,
      description: 'CI system that will send.',
    }),
    name: t.string({ required: true, description: 'What it is for: 1 to 200 characters.' }),
  }),
});

interface Created {
  readonly source: RowOf['WebhookSource'];
  readonly secret: string;
}

const CreateWebhookSourcePayload = builder
  .objectRef<Created>('CreateWebhookSourcePayload')
  .implement({
    description: 'A new source of webhooks.',
    fields: (t) => ({
      source: t.field({
        type: WebhookSourceRef,
        description: 'The source that was made.',
        resolve: ({ source }) => source,
      }),
      url: t.string({
        description:
          'Where the CI system is to send, on the address that this request came to. Behind a proxy of another name, put `source.path` behind its address.',
        resolve: ({ source }, _args, { origin }) => `${origin}${pathOf(source)}`,
      }),
      secret: t.exposeString('secret', {
        description:
          'The secret for the settings of the CI system: 40 hex digits. GitHub, Bitbucket and CircleCI sign with it, Buildkite signs or sends it as its token, GitLab sends it as its token; Azure DevOps, Jenkins and TeamCity send it as the password of Basic authentication or as `?token=` in the address. This is the only time that it is shown.',
      }),
    }),
  });

const RevokeWebhookSourceInput = builder.inputType('RevokeWebhookSourceInput', {
  description: 'A source of webhooks to revoke.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`id` or `databaseId` of the source.' }),
  }),
});

const RevokeWebhookSourcePayload = builder
  .objectRef<{ readonly source: RowOf['WebhookSource'] }>('RevokeWebhookSourcePayload')
  .implement({
    description: 'A revoked source of webhooks.',
    fields: (t) => ({
      source: t.field({
        type: WebhookSourceRef,
        description: 'The source, with the time at which it was revoked first.',
        resolve: ({ source }) => source,
      }),
    }),
  });

builder.mutationFields((t) => ({
  createWebhookSource: t.field({
    type: CreateWebhookSourcePayload,
    description:
      'Makes an address for the webhooks of a CI system and shows its secret, once. Needs MANAGE.',
    errors: {},
    args: {
      input: t.arg({
        type: CreateWebhookSourceInput,
        required: true,
        description: 'The source to make.',
      }),
    },
    resolve: (_root, { input }, ctx) => createWebhookSource(ctx, input),
  }),
  revokeWebhookSource: t.field({
    type: RevokeWebhookSourcePayload,
    description:
      'Takes no more webhooks at the address of a source; what came stays. Revoking again changes nothing. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({
        type: RevokeWebhookSourceInput,
        required: true,
        description: 'The source to revoke.',
      }),
    },
    resolve: async (_root, { input }, ctx) => {
      const id = databaseId('WebhookSource', input.id, ['input', 'id']);
      return { source: await revokeWebhookSource(ctx, { id }) };
    },
  }),
}));
