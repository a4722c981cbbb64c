import {
  type WebhookEndpointFilter,
  webhookEndpoints,
} from '../../analytics/outgoing-endpoints.ts';
import type { RowOf } from '../../db/columns.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { describe, repositoryFields } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';
import { reachable } from '../related.ts';
import { WebhookEventRef } from './enums.ts';
import { RepositoryRef } from './repository.ts';

type Endpoint = RowOf['WebhookEndpoint'];

export const WebhookEndpointRef = builder.node(builder.objectRef<Endpoint>('WebhookEndpoint'), {
  id: { resolve: ({ id }) => id },
  description:
    'Where the gateway sends webhooks, signed as https://www.standardwebhooks.com says. Its secret is not shown.',
  fields: (t) => ({
    databaseId: t.exposeString('id', { description: 'UUID of the endpoint.' }),
    url: t.string({
      nullable: true,
      description:
        'Where to. Addresses of chat systems are secrets: null for keys that may not MANAGE; they see the `origin`.',
      resolve: ({ url }, _args, { tenant }) =>
        tenant.capabilities.includes('MANAGE') ? url : null,
    }),
    origin: t.string({
      description: 'Scheme, host and port of the address, e.g. `https://hooks.example.org`.',
      resolve: ({ url }) => new URL(url).origin,
    }),
    events: t.field({
      type: [WebhookEventRef],
      description: describe('WebhookEndpoint', 'events'),
      resolve: ({ events }) => events,
    }),
    previousSecretUntil: t.expose('previousSecretUntil', {
      type: 'DateTime',
      nullable: true,
      description: describe('WebhookEndpoint', 'previousSecretUntil'),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: describe('WebhookEndpoint', 'createdAt'),
    }),
    failingSince: t.expose('failingSince', {
      type: 'DateTime',
      nullable: true,
      description: describe('WebhookEndpoint', 'failingSince'),
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: describe('WebhookEndpoint', 'disabledAt'),
    }),
    disabledReason: t.exposeString('disabledReason', {
      nullable: true,
      description: describe('WebhookEndpoint', 'disabledReason'),
    }),
    repository: t.field({
      type: RepositoryRef,
      nullable: true,
      description: 'The repository whose events it receives; null when it receives those of all.',
      authScopes: { capability: 'READ' },
      ...reachable<Endpoint, 'Repository'>('Repository', 'repositoryId'),
    }),
  }),
});

const WebhookEndpointConnection = builder.connectionObject(
  {
    type: WebhookEndpointRef,
    name: 'WebhookEndpointConnection',
    description: 'A page of endpoints.',
  },
  { name: 'WebhookEndpointEdge', description: 'An endpoint and its place in the list.' },
);

const filter = builder.inputType('WebhookEndpointFilter', {
  description: 'Which endpoints. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    ...repositoryFields(t),
    isDisabled: t.boolean({ description: 'Only those that are disabled, or only the others.' }),
  }),
});

const order = orderInput('WebhookEndpointOrder', { CREATED_AT: 'When it was made.' });

builder.queryField('webhookEndpoints', (t) =>
  t.connection(
    {
      type: WebhookEndpointRef,
      description: 'Where webhooks are sent, endpoints made last first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which endpoints.' }),
        orderBy: t.arg({ type: order, description: 'CREATED_AT DESC when absent.' }),
      },
      resolve: resolveList(webhookEndpoints, (asked: WebhookEndpointFilter) => ({
        ...asked,
        repositoryId: optionalDatabaseId('Repository', asked.repositoryId, [
          'filter',
          'repositoryId',
        ]),
      })),
    },
    WebhookEndpointConnection,
  ),
);
