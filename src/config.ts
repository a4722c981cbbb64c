import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { OperatorError } from './operator-error.ts';

/** What the environment says, parsed once. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly grpcPort: number;
  /** Any Postgres 15 or newer; undefined: the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly databaseReplicaUrl: string | undefined;
  /** Absolute. */
  readonly dataDir: string;
  readonly blobUrl: string;
  /** Days for which uploads are kept as they were sent. */
  readonly uploadsKeptDays: number;
  readonly bootstrapApiKey: string | undefined;
  /** 64 hex digits that secrets are sealed with; undefined: those in the data directory's file `secret-key`. */
  readonly secretKey: string | undefined;
  /** Hosts, as `name` or `name:port` in lower case, that webhooks may go to without TLS and in private networks. */
  readonly outgoingAllowHosts: readonly string[];
  readonly logLevel: z.output<typeof logLevel>;
  readonly graphiql: boolean;
  readonly introspection: boolean;
}

const port = whenSet(
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().max(65535)),
  'must be a whole number from 0 (any free port) to 65535',
);
const postgresUrl = whenSet(
  z.url({ protocol: /^postgres(ql)?$/ }),
  'must be a Postgres URL such as postgresql://user:password@host:5432/database',
);
const onOrOff = whenSet(z.stringbool(), 'must be true or false');
const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);

const Environment = z.object({
  PORT: port.default(4000),
  HOST: whenSet(z.string().regex(/^[\w.:%-]+$/), 'must be a host name or an IP address').default(
    '127.0.0.1',
  ),
  GRPC_PORT: port.default(1985),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_REPLICA_URL: postgresUrl.optional(),
  DATA_DIR: z.string().default('.data'),
  BLOB_URL: whenSet(
    z.url({ protocol: /^(file|s3)$/ }),
    'must be a file: URL or s3://bucket?endpoint=…&region=…',
  ).optional(),
  UPLOADS_KEPT_DAYS: whenSet(
    z.coerce.number().int().min(1).max(3650),
    'must be a whole number of days from 1 to 3650',
  ).default(30),
  BOOTSTRAP_API_KEY: whenSet(
    z.string().regex(/^[0-9a-f]{40}$/i),
    'must be 40 hex digits (make one with: openssl rand -hex 20)',
  ).optional(),
  SECRET_KEY: whenSet(
    z.string().regex(/^[0-9a-f]{64}$/i),
    'must be 64 hex digits (make one with: openssl rand -hex 32)',
  ).optional(),
  OUTGOING_ALLOW_HOSTS: whenSet(
    z
      .string()
      .transform((hosts) =>
        hosts
          .toLowerCase()
          .split(',')
          .map((host) => host.trim()),
      )
      .pipe(z.array(z.string().regex(/^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/))),
    'must be hosts separated by commas, each a name or an IP address, with :port to allow only that',
  ).default([]),
  LOG_LEVEL: whenSet(logLevel, `must be one of ${logLevel.options.join(', ')}`).default('info'),
  GRAPHIQL: onOrOff.default(true),
  INTROSPECTION: onOrOff.default(true),
});

/** One message for every way a value can be wrong. It never holds the value, which may be a secret. */
function whenSet<Schema extends z.ZodType>(schema: Schema, message: string) {
  return z.string().transform((value, ctx): z.output<Schema> => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    ctx.issues.push({ code: 'custom', message, input: undefined });
    return z.NEVER;
  });
}

/** The variables of the process as they are, for the reporter: those of a CI are not ours to check. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/**
 * Parses the environment. An empty variable counts as unset, as compose files leave them.
 *
 * @throws {OperatorError} one line that names every bad variable and what it must be
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new OperatorError(issues.join('; '));
  }
  const values = parsed.data;
  const dataDir = resolve(values.DATA_DIR);

  return {
    port: values.PORT,
    host: values.HOST,
    grpcPort: values.GRPC_PORT,
    databaseUrl: values.DATABASE_URL,
    databaseReplicaUrl: values.DATABASE_REPLICA_URL,
    dataDir,
    blobUrl: values.BLOB_URL ?? pathToFileURL(join(dataDir, 'blobs')).href,
    uploadsKeptDays: values.UPLOADS_KEPT_DAYS,
    bootstrapApiKey: values.BOOTSTRAP_API_KEY,
    secretKey: values.SECRET_KEY,
    outgoingAllowHosts: values.OUTGOING_ALLOW_HOSTS,
    logLevel: values.LOG_LEVEL,
    graphiql: values.GRAPHIQL,
    introspection: values.INTROSPECTION,
  };
}
