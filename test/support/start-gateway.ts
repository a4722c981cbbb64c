import { randomUUID } from 'node:crypto';
import { createClient } from '../../src/client/create-client.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { Capability } from '../../src/db/generated/prisma/enums.ts';
import { analyse } from './analyse.ts';
import { createGateway } from '../../src/gateway.ts';
import { listenHttp } from '../../src/http-server.ts';
import { createApiKey } from '../../src/identity/create-api-key.ts';
import { operatorContext } from '../../src/identity/organizations.ts';
import { createSecretBox } from '../../src/identity/seal.ts';
import { analyticsEngine } from '../../src/jobs/analytics-engine.ts';
import { createLog } from '../../src/log.ts';
import { openUploads } from '../../src/open-uploads.ts';
import { createOutgoing } from '../../src/outgoing/create-outgoing.ts';
import { openSecretKey } from '../../src/secret-key.ts';
import { dataDir } from './data-dir.ts';
import { recordStatements } from './count-statements.ts';
import { cleanUp, migratedDatabase } from './test-database.ts';

export interface StartOptions {
  /** Variables of the gateway, e.g. `{ INTROSPECTION: 'false' }`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs on the database of another gateway, as a second process would. */
  readonly beside?: { readonly db: Database; readonly config: Pick<Config, 'dataDir'> };
}

export interface TestOrganization {
  readonly organizationId: string;
  /** A key with every capability. */
  readonly key: string;
}

/**
 * Starts the real gateway on a free port, on a migrated database of its own with one organization.
 * It ends with the test, or with the file when a `beforeAll` starts it.
 */
export async function startGateway({ env = {}, beside }: StartOptions = {}) {
  const databaseUrl = beside?.db.url ?? (await migratedDatabase());
  const DATA_DIR = beside?.config.dataDir ?? (await dataDir());
  const config = loadConfig({ PORT: '0', DATABASE_URL: databaseUrl, DATA_DIR, ...env });
  const lines: string[] = [];
  const log = createLog(config, { write: (line) => lines.push(line) });
  const db = createDatabase(databaseUrl);
  const uploads = openUploads(config);
  const statements = recordStatements(db.pool);
  const secrets = createSecretBox(openSecretKey(config));
  const outgoing = createOutgoing(config.outgoingAllowHosts);
  const gateway = await createGateway({ db, config, log, uploads });
  const server = await listenHttp(gateway.listener, config);
  let closing: Promise<void> | undefined;

  const close = () =>
    (closing ??= (async () => {
      await server.drain(1000);
      await gateway.close();
      await db.close();
    })());
  cleanUp(close);

  const createOrganization = async (): Promise<TestOrganization> => {
    const slug = `org-${randomUUID()}`;
    await db.prisma.organization.create({ data: { slug, name: slug } });
    const operator = await operatorContext(db, slug, { log, now: () => new Date() });
    const capabilities = Object.values(Capability);
    const { secret } = await createApiKey(operator, { name: 'test', capabilities });
    return { organizationId: operator.tenant.organizationId, key: secret };
  };
  const own = await createOrganization();

  /** Sends JSON, or text as it is, with the organization's key unless the headers say otherwise. */
  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(new URL(path, server.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${own.key}`,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const { query, subscribe } = createClient({ url: `${server.url}/graphql`, apiKey: own.key });

  return {
    ...own,
    url: server.url,
    db,
    config,
    uploads,
    /** What sends webhooks in the background. */
    secrets,
    outgoing,
    createOrganization,
    close,
    openSubscriptions: gateway.openSubscriptions,
    post,
    /** Runs a typed document and gives its data; answers with errors are thrown. */
    query,
    subscribe,
    /** Runs an operation given as text and gives the whole answer, errors included. */
    graphql: async <Data = unknown>(
      operation: string,
      variables: object = {},
      key = own.key,
    ): Promise<GraphQLAnswer<Data>> => {
      const headers = { authorization: `Bearer ${key}` };
      const response = await post('/graphql', { query: operation, variables }, headers);
      return (await response.json()) as GraphQLAnswer<Data>; // GraphQL over HTTP
    },
    /** Takes in all that was stored, as the gateway does in the background. */
    settleAnalytics: async (now: () => Date = () => new Date()): Promise<void> => {
      await analyse(analyticsEngine(db, now));
    },
    /** Every SQL statement so far, but for BEGIN and COMMIT: `.length` counts them. */
    statements: () => statements.map(({ text }) => text),
    /** The same, with the values that went with them. */
    sentStatements: () => [...statements],
    /** Every line of the log so far, parsed. */
    logs: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

export type TestGateway = Awaited<ReturnType<typeof startGateway>>;

/** `Data` is the test's claim about the operation it wrote. */
export interface GraphQLAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}
