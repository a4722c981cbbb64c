import { expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';

test('without variables the gateway listens on 127.0.0.1:4000 and keeps its data in .data', () => {
  const config = loadConfig({});

  expect(config).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    grpcPort: 1985,
    databaseUrl: undefined,
    logLevel: 'info',
    graphiql: true,
    introspection: true,
  });
  expect(config.dataDir).toMatch(/\/\.data$/);
  expect(config.blobUrl).toMatch(/^file:\/\/\/.*\/\.data\/blobs$/);
});

test('an empty variable counts as unset', () => {
  const config = loadConfig({ PORT: '', DATABASE_URL: ' ', BOOTSTRAP_API_KEY: '' });

  expect(config).toMatchObject({ port: 4000, databaseUrl: undefined, bootstrapApiKey: undefined });
});

test.each([
  [{ PORT: 'http' }, 'PORT must be a whole number from 0 (any free port) to 65535'],
  [{ PORT: '65536' }, 'PORT must be a whole number from 0 (any free port) to 65535'],
  [{ GRPC_PORT: '-1' }, 'GRPC_PORT must be a whole number from 0 (any free port) to 65535'],
  [{ HOST: 'http://here' }, 'HOST must be a host name or an IP address'],
  [{ DATABASE_URL: 'mysql://root@db/ci' }, /^DATABASE_URL must be a Postgres URL such as /],
  [{ DATABASE_REPLICA_URL: 'db' }, /^DATABASE_REPLICA_URL must be a Postgres URL such as /],
  [{ BLOB_URL: 'ftp://x' }, 'BLOB_URL must be a file: URL or s3://bucket?endpoint=…&region=…'],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of fatal, error, /],
  [{ GRAPHIQL: 'maybe' }, 'GRAPHIQL must be true or false'],
  [{ INTROSPECTION: '2' }, 'INTROSPECTION must be true or false'],
])('%o is refused by name', (env, message) => {
  expect(() => loadConfig(env)).toThrow(message);
});

test('every bad variable is named in one line, and no secret is', () => {
  const env = { PORT: 'x', DATABASE_URL: 'postgres//u:secret@h', BOOTSTRAP_API_KEY: 'secret' };

  expect(() => loadConfig(env)).toThrow(
    /^PORT must (?!.*secret).*; DATABASE_URL must .*; BOOTSTRAP_API_KEY must be 40 hex digits/,
  );
});
