import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { dataDir, postgresGone, postmasterPid } from '../support/data-dir.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startProcess } from '../support/start-process.ts';
import { cleanUp, migratedDatabase } from '../support/test-database.ts';

const key = 'c0ffee'.padEnd(40, '0');
const body = JSON.stringify({ query: '{ builds(first: 1) { edges { node { id } } } }' });

beforeAll(ensureBuilt, 300_000);

/** Sends a request but for the last byte of its body, so that it stays in flight. */
async function almostSend(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  cleanUp(async () => {
    socket.destroy();
    await Promise.resolve();
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  const head = [
    'POST /graphql HTTP/1.1',
    `host: ${hostname}`,
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, -1)}`);
  await sleep(200); // until the gateway has read the head
  return socket;
}

async function answerOf(socket: Socket): Promise<string> {
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'after %s a request in flight is answered, no new one is accepted, and the exit code is 0',
  async (signal) => {
    const env = { DATABASE_URL: await migratedDatabase(), BOOTSTRAP_API_KEY: key };
    const gateway = startProcess([], { env });
    const url = await gateway.ready();
    const inFlight = await almostSend(url);
    const answer = answerOf(inFlight);

    gateway.kill(signal);
    await sleep(300);
    const refused = await fetch(`${url}/health`).then(String, String);
    inFlight.write(body.slice(-1));

    expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*"data":{"builds":{"edges":\[\]}}/);
    expect(refused).toContain('fetch failed');
    expect((await gateway.ended()).exit).toBe(0);
  },
);

test('an idle keep-alive connection does not hold up the end', async () => {
  const gateway = startProcess([], { env: { DATABASE_URL: await migratedDatabase() } });
  await fetch(`${await gateway.ready()}/health`); // whose connection fetch keeps

  const startedAt = performance.now();
  gateway.kill('SIGTERM');

  expect((await gateway.ended()).exit).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});

test('a subscription ends with the gateway, in good order', async () => {
  const env = { DATABASE_URL: await migratedDatabase(), BOOTSTRAP_API_KEY: key };
  const gateway = startProcess([], { env });
  const url = await gateway.ready();
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const send = (query: string, accept: string) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, accept },
      body: JSON.stringify({ query }),
    });
  const recorded = await send(
    `mutation { recordBuild(input: {
       jobName: "unit", number: 1, status: SUCCESS, repository: { owner: "acme", name: "widgets" }
     }) { ... on RecordBuildPayload { build { repository { id } } } } }`,
    'application/json',
  );
  const repositoryId = /"id":"([^"]+)"/.exec(await recorded.text())?.[1] ?? 'none';
  const stream = await send(
    `subscription { buildUpdated(repositoryId: "${repositoryId}") { id } }`,
    'text/event-stream',
  );

  gateway.kill('SIGTERM');

  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  await expect(stream.text()).resolves.not.toContain('errors');
  expect((await gateway.ended()).exit).toBe(0);
});

test('a second signal ends the gateway at once, and its Postgres after it', async () => {
  const dir = await dataDir();
  const gateway = startProcess([], { env: { DATA_DIR: dir } });
  await almostSend(await gateway.ready());
  const postgres = await postmasterPid(dir);

  gateway.kill('SIGTERM');
  await sleep(300);
  gateway.kill('SIGTERM');

  expect((await gateway.ended()).exit).toBe(143);
  await postgresGone(dir, postgres);
});

test('a signal during the start stops it once started', async () => {
  const dir = await dataDir();
  const gateway = startProcess([], { env: { DATA_DIR: dir } });
  while ((await postmasterPid(dir)) === undefined) await sleep(10);

  gateway.kill('SIGTERM');

  expect((await gateway.ended()).exit).toBe(0);
  expect(await postmasterPid(dir)).toBeUndefined();
});
