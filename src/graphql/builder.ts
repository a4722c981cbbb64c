import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { DateTimeResolver, JSONObjectResolver, SafeIntResolver } from 'graphql-scalars';
import { defaultPageSize, maxPageSize } from '../analytics/page-request.ts';
import type PrismaTypes from '../db/generated/pothos.ts';
import { getDatamodel } from '../db/generated/pothos.ts';
import type { Capability } from '../db/generated/prisma/enums.ts';
import { ForbiddenError, ValidationError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { fieldComplexity } from './complexity.ts';
import type { GraphQLContext } from './context.ts';
import { FileScalar, type ReceivedUpload } from './file-scalar.ts';
import { decodeNodeId } from './node-id.ts';
import { nodeOf, nodesOf } from './nodes.ts';

export interface SchemaTypes {
  PrismaTypes: PrismaTypes;
  Context: GraphQLContext;
  AuthScopes: { capability: Capability };
  Connection: { totalCount: number };
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    SafeInt: { Input: number; Output: number };
    JSONObject: { Input: unknown; Output: unknown };
    File: { Input: ReceivedUpload; Output: never };
  };
}

/** The one builder. Order of plugins: complexity, relay, scope-auth, errors, prisma. */
export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ComplexityPlugin, RelayPlugin, ScopeAuthPlugin, ErrorsPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  complexity: { fieldComplexity, disabled: true }, // checked before it runs, by useOperationLimits
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ tenant }) => ({
      capability: (capability) => {
        requireCapability(tenant, capability);
        return true;
      },
    }),
  },
  errors: {
    defaultTypes: [ValidationError, ForbiddenError],
    directResult: true,
    defaultUnionOptions: {
      description: 'What was done, or the error the caller can mend.',
      name: ({ fieldName }) => `${capitalized(fieldName)}Result`,
    },
  },
  prisma: {
    client: ({ db }) => db.prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    onUnusedQuery: null,
  },
  relay: {
    decodeGlobalID: decodeNodeId,
    edgesFieldOptions: {
      nullable: false,
      description: 'The items of this page with their cursors, in order.',
    },
    nodeFieldOptions: { nullable: false, description: 'The item.' },
    nodesOnConnection: { description: 'The items of this page, in order.' },
    pageInfoFieldOptions: { description: 'Whether there is more, and where to go on.' },
    cursorFieldOptions: { description: 'Opaque place of the item, for `after` and `before`.' },
    hasNextPageFieldOptions: { description: 'Whether there are items after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there are items before this page.' },
    startCursorFieldOptions: { description: 'Cursor of the first item; null on an empty page.' },
    endCursorFieldOptions: { description: 'Cursor of the last item; null on an empty page.' },
    pageInfoTypeOptions: { description: 'What is beside a page. True in both directions.' },
    nodeTypeOptions: { description: 'Anything that can be found again by its id.' },
    idFieldOptions: {
      description: 'Opaque id, unique in this installation; `node(id:)` finds it.',
    },
    nodeQueryOptions: {
      description: 'Finds one thing by its id; null if it is not there or not yours.',
      args: { id: { description: 'The `id` of any node.' } },
      resolve: (_root, { id }, ctx) => nodeOf(ctx, id),
    },
    nodesQueryOptions: {
      description:
        'Finds up to 100 things by their ids, in their order; null for each that is not there or not yours.',
      args: { ids: { description: 'The `id`s of any nodes.' } },
      resolve: (_root, { ids }, ctx) => nodesOf(ctx, ids),
    },
    firstArgOptions: {
      description: `How many from the start: 0 to ${String(maxPageSize)}; ${String(defaultPageSize)} when neither first nor last is given.`,
    },
    lastArgOptions: { description: `How many from the end: 0 to ${String(maxPageSize)}.` },
    afterArgOptions: {
      description:
        'Only what comes after this cursor. It must come from the same connection with the same orderBy field.',
    },
    beforeArgOptions: {
      description:
        'Only what comes before this cursor. It must come from the same connection with the same orderBy field.',
    },
  },
});

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

builder.addScalarType('DateTime', DateTimeResolver);
builder.addScalarType('SafeInt', SafeIntResolver);
builder.addScalarType('JSONObject', JSONObjectResolver);
builder.addScalarType('File', FileScalar);

builder.queryType({
  description:
    'Everything that can be read. Needs a key with the READ capability, but for `viewer`.',
  authScopes: { capability: 'READ' },
});
builder.mutationType({
  description:
    'Everything that can be written. Answers are unions of the payload and the errors a caller can cause.',
});
builder.subscriptionType({
  description:
    'What can be listened to, as server-sent events. Needs a key with the READ capability.',
  authScopes: { capability: 'READ' },
});

builder.globalConnectionField('totalCount', (t) =>
  t.expose('totalCount', {
    type: 'SafeInt',
    description: 'How many items the whole list holds. Counted only when asked for.',
  }),
);
