import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { type CORSOptions, createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Uploads } from '../context.ts';
import type { Database } from '../db/client.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import { presentedKey } from '../identity/presented-key.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { requireKey } from '../identity/require-key.ts';
import type { SecretBox } from '../identity/seal.ts';
import type { Outgoing } from '../outgoing/target.ts';
import { useOperationLimits } from './complexity.ts';
import type { GraphQLContext } from './context.ts';
import { createDocumentCache } from './document-cache.ts';
import type { Events } from './events.ts';
import { exampleTabs } from './example-tabs.ts';
import { useJit } from './jit.ts';
import { useDocumentLimits } from './limits.ts';
import { createLoaders } from './loaders.ts';
import { maskErrors } from './mask-error.ts';
import { useRequestBody } from './request-body.ts';
import { nobody, useRequiredKey } from './require-key.ts';
import { schema } from './schema.ts';

/** Of documents kept parsed: at most about 120 MB, and hundreds of usual size. */
const cachedCharacters = 500_000;

export interface GraphQLDoorOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly now: () => Date;
  readonly authenticator: Authenticator;
  readonly events: Events;
  readonly uploads: Uploads;
  readonly secrets: SecretBox;
  readonly outgoing: Outgoing;
  readonly introspection: boolean;
  readonly graphiql: boolean;
  /** Gives the key that GraphiQL's tabs come with. For the demo, on this machine only. */
  readonly graphiqlKey?: (() => string | undefined) | undefined;
}

/** Makes the GraphQL door: `/graphql`, with GraphiQL for browsers and server-sent events for subscriptions. */
export function createGraphQLDoor(
  options: GraphQLDoorOptions,
): YogaServerInstance<object, GraphQLContext> {
  const { log, introspection } = options;
  return createYoga<object, GraphQLContext>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    logging: false,
    multipart: false,
    maxRequestBodySize: false, // useRequestBody says what the limit is
    parserAndValidationCache: {
      documentCache: createDocumentCache(cachedCharacters),
      errorCache: createDocumentCache(cachedCharacters),
    },
    cors,
    renderGraphiQL,
    graphiql:
      options.graphiql &&
      ((request) =>
        graphiqlOptions(isFromHere(request) ? options.graphiqlKey?.() : undefined, options.now())),
    maskedErrors: { maskError: maskErrors(log) },
    context: ({ request }) => createContext(options, request),
    plugins: [
      useRequestBody({
        spool: options.uploads.spool,
        authenticate: async (headers) => {
          requireCapability(await requireKey(options.authenticator, headers), 'INGEST');
        },
      }),
      useDocumentLimits({ introspection }),
      // In this order: nothing is compiled for nobody, or for what is too much.
      useRequiredKey(),
      useOperationLimits(schema),
      useJit(schema, { hideSuggestions: !introspection }),
    ],
  });
}

/**
 * Keys travel in a header that no other site can send for the user, so any page may ask. GraphiQL's own
 * page is nobody else's to read: it may hold a key.
 */
function cors({ method, headers }: Request): CORSOptions {
  if (method === 'GET' && headers.get('accept')?.includes('text/html')) return false;
  return { origin: '*', credentials: false, methods: ['GET', 'POST', 'OPTIONS'] };
}

/** Whether the address bar names this machine: a name that only resolves to it could be anybody's. */
function isFromHere({ url }: Request): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
}

function graphiqlOptions(key: string | undefined, now: Date) {
  const tabs = exampleTabs(now);
  const headers = JSON.stringify({ Authorization: `Bearer ${key ?? 'YOUR_KEY'}` }, null, 2);
  return {
    title: 'Buildatlas',
    headers,
    defaultTabs: tabs.map((query) => ({ query, headers })),
    defaultQuery: tabs[0] ?? '',
  };
}

async function createContext(
  { db, log, now, authenticator, events, uploads, secrets, outgoing }: GraphQLDoorOptions,
  { headers, url }: Request,
): Promise<GraphQLContext> {
  const key = presentedKey(headers);
  const tenant = key === null ? nobody : await authenticator.authenticate(key);
  const service = { db, log, now, tenant };
  return {
    ...service,
    uploads,
    secrets,
    outgoing,
    origin: new URL(url).origin,
    events,
    loaders: createLoaders(service),
    forgetKey: authenticator.forget,
    keyStillReads: () => stillReads(authenticator, key),
  };
}

async function stillReads(authenticator: Authenticator, key: string | null): Promise<boolean> {
  if (key === null) return false;
  try {
    const { capabilities } = await authenticator.authenticate(key);
    return capabilities.includes('READ');
  } catch (error) {
    if (error instanceof UnauthenticatedError) return false;
    throw error;
  }
}
