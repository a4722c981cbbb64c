import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { RunningGateway } from '../serve.ts';
import { addAnalyticsCommand } from './analytics.ts';
import { addDemoCommand } from './demo.ts';
import { addKeysCommand } from './keys.ts';
import { addMigrateCommand } from './migrate.ts';
import { addReportCommand } from './report.ts';

export interface Commands {
  /** Runs the gateway until it is told to stop, and `whenReady` beside it. */
  readonly serve: (whenReady?: (gateway: RunningGateway) => Promise<void>) => Promise<void>;
}

const databaseHelp = `
Environment:
  DATABASE_URL   Postgres 15 or newer, postgresql://user:password@host:5432/database;
                 unset: an embedded Postgres with its data in DATA_DIR/postgres
  DATA_DIR       embedded database and blobs (default: .data)
  LOG_LEVEL      fatal, error, warn, info, debug, trace or silent (default: info); JSON on stderr`;

const serveHelp = `
Environment:
  PORT, HOST            HTTP address (default: 4000 on 127.0.0.1); PORT=0 takes any free port
  GRPC_PORT             gRPC port (default: 1985)
  DATABASE_URL          Postgres 15 or newer, postgresql://user:password@host:5432/database;
                        unset: an embedded Postgres with its data in DATA_DIR/postgres
  DATABASE_REPLICA_URL  not used yet: read replica
  DATA_DIR              embedded database and blobs (default: .data)
  BLOB_URL              where uploads and logs are kept: file: URL or s3://bucket?endpoint=…&region=…
                        (default: below DATA_DIR)
  UPLOADS_KEPT_DAYS     days for which uploads are kept as they were sent (default: 30)
  SECRET_KEY            64 hex digits that seal the secrets of webhooks (default: made
                        once, in DATA_DIR/secret-key)
  OUTGOING_ALLOW_HOSTS  hosts that webhooks may be sent to without TLS and in private networks,
                        separated by commas, e.g. hooks.internal,10.0.0.5:8080 (default: none)
  BOOTSTRAP_API_KEY     40 hex digits: admin key that the first start makes (default: random,
                        printed once)
  LOG_LEVEL             fatal, error, warn, info, debug, trace or silent (default: info);
                        JSON on stderr, one line each
  GRAPHIQL              the GraphQL explorer at /graphql, true or false (default: true)
  INTROSPECTION         schema queries, true or false (default: true)

Start is complete when GET /health answers 200. SIGTERM and SIGINT finish the requests in flight
and exit 0; a second signal exits at once.

Example:
  PORT=8080 HOST=0.0.0.0 DATABASE_URL=postgresql://ci:secret@db/buildatlas buildatlas serve`;

/** The command line: which commands there are and what their help says. */
export function createProgram({ serve }: Commands): Command {
  const program = new Command('buildatlas')
    .description('Self-hosted GraphQL analytics gateway for CI.')
    .version(version())
    .showHelpAfterError('(buildatlas --help lists the commands and their options)');

  program
    .command('serve', { isDefault: true })
    .description('run the gateway (the default command)')
    .addHelpText('after', serveHelp)
    .action(() => serve());
  addReportCommand(program);
  addDemoCommand(program, serve);
  addMigrateCommand(program, databaseHelp);
  addKeysCommand(program, databaseHelp);
  addAnalyticsCommand(program, databaseHelp);

  return program;
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version; // every npm package has one
}
