import { apiKeys } from '../../analytics/api-keys.ts';
import type * as enums from '../../db/generated/prisma/enums.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import { createApiKey, type CreatedApiKey } from '../../identity/create-api-key.ts';
import { revokeApiKey } from '../../identity/revoke-api-key.ts';
import type { VisibleApiKey } from '../../identity/visible-api-key.ts';
import { builder } from '../builder.ts';
import { resolveList } from '../connection.ts';
import { describe } from '../fields.ts';

const CapabilityRef = builder.enumType('Capability', {
  description: 'What a key may do. None implies another: a key that may write may not read.',
  values: {
    INGEST: { description: 'Send builds, stages, test results and everything else from CI.' },
    READ: { description: 'Read what was sent, and what the gateway makes of it.' },
    MANAGE: { description: 'Change settings, such as the quarantine of a test.' },
    ADMIN: { description: 'Make, list and revoke keys.' },
    EXECUTE: { description: 'Start runs.' },
  } satisfies Record<keyof typeof enums.Capability, { description: string }>,
});

export const ApiKeyRef = builder.objectRef<VisibleApiKey>('ApiKey').implement({
  description: 'A key of an organization. Only the SHA-256 of its secret is stored.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUID of the key, for `revokeApiKey`.' }),
    name: t.exposeString('name', { description: describe('ApiKey', 'name') }),
    hint: t.exposeString('hint', { description: describe('ApiKey', 'hint') }),
    capabilities: t.field({
      type: [CapabilityRef],
      description: 'What the key may do, in the order of the enum.',
      resolve: ({ capabilities }) => capabilities,
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: describe('ApiKey', 'expiresAt'),
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: describe('ApiKey', 'revokedAt'),
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: describe('ApiKey', 'lastUsedAt'),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: describe('ApiKey', 'createdAt'),
    }),
  }),
});

const connection = builder.connectionObject(
  { type: ApiKeyRef, name: 'ApiKeyConnection', description: 'A page of keys.' },
  { name: 'ApiKeyEdge', description: 'A key and its place in the list.' },
);

builder.prismaObjectFields('Organization', (t) => ({
  apiKeys: t.connection(
    {
      type: ApiKeyRef,
      description:
        'Its keys, revoked and expired ones too, newest first. Needs a key with the ADMIN capability.',
      authScopes: { capability: 'ADMIN' },
      resolve: resolveList(apiKeys, () => apiKeys.everything),
    },
    connection,
  ),
}));

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A key to make.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for: 1 to 200 characters.' }),
    capabilities: t.field({
      type: [CapabilityRef],
      required: true,
      description: 'What it may do: at least one, and none that your own key lacks.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it stops working, in the future; never, when absent.',
    }),
  }),
});

const CreateApiKeyPayload = builder.objectRef<CreatedApiKey>('CreateApiKeyPayload').implement({
  description: 'A new key.',
  fields: (t) => ({
    apiKey: t.field({
      type: ApiKeyRef,
      description: 'The key that was made.',
      resolve: ({ apiKey }) => apiKey,
    }),
    secret: t.exposeString('secret', {
      description:
        'What goes into the header `Authorization: Bearer …`: 40 hex digits. It is not stored, so this is the only time that it is shown.',
    }),
  }),
});

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'A key to revoke.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'UUID of the key.' }),
    evenIfLastAdmin: t.boolean({
      description:
        'Revokes the last working admin key of the organization too. Then only an operator can make keys, on the command line. False when absent.',
    }),
  }),
});

const RevokeApiKeyPayload = builder
  .objectRef<{ readonly apiKey: VisibleApiKey }>('RevokeApiKeyPayload')
  .implement({
    description: 'A revoked key.',
    fields: (t) => ({
      apiKey: t.field({
        type: ApiKeyRef,
        description: 'The key, with the time at which it was revoked first.',
        resolve: ({ apiKey }) => apiKey,
      }),
    }),
  });

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: CreateApiKeyPayload,
    description:
      'Makes a key of your organization and shows its secret, once. Needs a key with the ADMIN capability.',
    errors: {},
    args: {
      input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key to make.' }),
    },
    resolve: (_root, { input }, ctx) => createApiKey(ctx, input),
  }),
  revokeApiKey: t.field({
    type: RevokeApiKeyPayload,
    description:
      'Revokes a key of your organization, at once: by the next request here, within milliseconds in other gateways on this database (at most 5 seconds if one has lost its notifications). Revoking again changes nothing. Needs a key with the ADMIN capability.',
    errors: { types: [NotFoundError, ConflictError] },
    args: {
      input: t.arg({ type: RevokeApiKeyInput, required: true, description: 'The key to revoke.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      apiKey: await revokeApiKey(ctx, input, { forget: ctx.forgetKey }),
    }),
  }),
}));
