import { createServer, type Server } from 'node:net';
import { beforeAll, expect, inject, test } from 'vitest';
import { dataDir, postmasterPid } from '../support/data-dir.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { forwardTo } from '../support/forward.ts';
import { runProcess, startProcess } from '../support/start-process.ts';
import { urlOf } from '../support/template-database.ts';
import { cleanUp, emptyDatabase, migratedDatabase } from '../support/test-database.ts';

beforeAll(ensureBuilt, 300_000);

/** A port that something listens on until the test ends. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp(() => closed(server));
  return portOf(server);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await closed(server);
  return port;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

test('a bad variable stops the start with one line that names it', async () => {
  const { exit, stdout, stderr } = await runProcess([], { env: { PORT: 'http' } });

  expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
  expect(stderr).toBe('buildatlas: PORT must be a whole number from 0 (any free port) to 65535\n');
});

test('a taken port stops the start with one line that says what to do, and Postgres with it', async () => {
  const dir = await dataDir();
  const port = await takenPort();

  const env = { DATA_DIR: dir, PORT: String(port), LOG_LEVEL: 'error' };
  const { exit, stderr } = await runProcess([], { env });

  expect(exit).toBe(1);
  expect(stderr).toBe(
    `buildatlas: 127.0.0.1:${port} is taken: stop what listens there, or set PORT to another port ` +
      '(0: any free one)\n',
  );
  expect(await postmasterPid(dir)).toBeUndefined();
});

test('a database that does not exist is named without the password', async () => {
  const url = new URL(urlOf(inject('serverUrl'), 'no_such_database'));

  const { exit, stderr } = await runProcess([], { env: { DATABASE_URL: url.href } });

  expect(exit).toBe(1);
  expect(stderr).toBe(
    `buildatlas: cannot use the database ${url.host}/no_such_database (DATABASE_URL): ` +
      'database "no_such_database" does not exist\n',
  );
});

test('a database that comes up a little later is waited for', async () => {
  const url = new URL(await migratedDatabase());
  const to = { hostname: url.hostname, port: Number(url.port) };
  const port = await freePort();
  url.port = String(port);
  const opened = forwardTo({ port, to, afterMs: 1500 });

  const gateway = startProcess([], { env: { DATABASE_URL: url.href } });
  await opened;

  await expect(gateway.ready()).resolves.toContain('http://127.0.0.1:');
});

test('gateways that start at once on one empty database make one first key between them', async () => {
  const env = { DATABASE_URL: await emptyDatabase() };
  const gateways = [1, 2, 3].map(() => startProcess([], { env }));

  await Promise.all(gateways.map((gateway) => gateway.ready()));

  const keys = gateways.flatMap((gateway) => gateway.stdout().match(/\b[0-9a-f]{40}\b/g) ?? []);
  expect(keys).toHaveLength(1);
});

test('BOOTSTRAP_API_KEY becomes the first key and is printed nowhere', async () => {
  const key = 'b0075742'.repeat(5);
  const env = { DATABASE_URL: await migratedDatabase(), BOOTSTRAP_API_KEY: key };
  const gateway = startProcess([], { env });

  const response = await fetch(`${await gateway.ready()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ query: '{ viewer { organization { slug } } }' }),
  });
  gateway.kill('SIGTERM');
  const { stdout, stderr } = await gateway.ended();

  expect(await response.json()).toEqual({
    data: { viewer: { organization: { slug: 'default' } } },
  });
  expect(stdout + stderr).not.toContain(key);
});
