import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { RequestListener } from 'node:http';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Uploads } from './context.ts';
import type { Database } from './db/client.ts';
import { createListener } from './db/listen.ts';
import { createEvents, eventChannels } from './graphql/events.ts';
import { createGraphQLDoor } from './graphql/yoga.ts';
import { createAuthenticator } from './identity/authenticate.ts';
import { createSecretBox } from './identity/seal.ts';
import { KEYS_CHANNEL } from './identity/keys-channel.ts';
import { createOutgoing } from './outgoing/create-outgoing.ts';
import { createRest } from './rest/create-rest.ts';
import { openSecretKey } from './secret-key.ts';
import { createWebhooks } from './webhooks/create-webhooks.ts';

export interface Gateway {
  readonly listener: RequestListener;
  /** How many event streams are open now. */
  readonly openSubscriptions: () => number;
  /** Stops what runs in the background. The database stays open: it is its opener's. */
  readonly close: () => Promise<void>;
}

export interface GatewayOptions {
  readonly db: Database;
  readonly config: Pick<
    Config,
    'graphiql' | 'introspection' | 'secretKey' | 'dataDir' | 'outgoingAllowHosts'
  >;
  readonly log: Logger;
  readonly uploads: Uploads;
  /** Gives the key that GraphiQL's tabs come with. For the demo, on this machine only. */
  readonly graphiqlKey?: (() => string | undefined) | undefined;
}

/** Wires services to doors. Opens no port. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { db, log, config, uploads, graphiqlKey } = options;
  const now = () => new Date();
  const notifications = await createListener(db.url, [...eventChannels, KEYS_CHANNEL], log);
  const { subscribe } = notifications;
  const authenticator = createAuthenticator(db, { log, now, subscribe });
  const events = createEvents(notifications);
  const secrets = createSecretBox(openSecretKey(config));
  const graphql = createGraphQLDoor({
    db,
    log,
    now,
    authenticator,
    events,
    uploads,
    secrets,
    outgoing: createOutgoing(config.outgoingAllowHosts),
    graphiqlKey,
    ...config,
  });
  const service = { db, log, now };
  const rest = toListener(createRest({ ...config, authenticator, uploads, service }));
  const webhooks = toListener(createWebhooks({ authenticator, secrets, service }));

  return {
    listener: (request, response) => {
      // A base URL that ends in a slash makes clients begin the path with two (Contract: buildbutler.md 1).
      request.url = request.url?.replace(/^\/{2,}/, '/') ?? '/';
      const others = request.url.startsWith('/webhooks/') ? webhooks : rest;
      const door = isGraphQL(request.url) ? graphql : others;
      Promise.resolve(door(request, response)).catch((err: unknown) => {
        log.error({ err }, 'a request could not be answered');
        response.destroy();
      });
    },
    openSubscriptions: () =>
      eventChannels.reduce((sum, channel) => sum + notifications.hearerCount(channel), 0),
    close: async () => {
      await authenticator.close();
      await notifications.close();
    },
  };
}

function toListener({ fetch }: Pick<Hono, 'fetch'>) {
  return getRequestListener(fetch, {
    overrideGlobalObjects: false,
    // What is no request of HTTP, e.g. for want of a host.
    errorHandler: () =>
      Response.json({ error: { code: 'bad_request', message: 'not a request' } }, { status: 400 }),
  });
}

function isGraphQL(url: string): boolean {
  return url === '/graphql' || url.startsWith('/graphql?');
}
