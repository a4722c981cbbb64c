import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { createKey } from '../../identity/key-operations.ts';
import { sendHeaders } from '../../support/hang-up.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { sendBytes } from './real-client.ts';
import { aBuild, aSuite, type Report, resultsOf, shimClient } from './shim-client.ts';

let gateway: TestGateway;
let report: Report;
beforeAll(async () => {
  gateway = await startGateway();
  report = shimClient(gateway);
});

/** Posts a build with these headers alone. */
async function post(path: string, body: BodyInit, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text: await response.text(),
  };
}

const resources = [
  ['builds', () => aBuild()],
  ['pipeline-stages', () => ({ buildId: randomUUID(), stages: [] })],
  ['stages', () => ({ buildId: randomUUID(), stages: [] })],
  ['tests', () => aSuite(randomUUID())],
  ['agents', () => ({ jenkinsInstanceId: 'x', agents: [], queueItems: [] })],
  ['security-reports', () => ({ buildId: randomUUID() })],
] as const;
const prefixes = ['/ingest', '/api/v1/ingest', '//ingest', '///api/v1/ingest'];

test.each(
  resources.flatMap(([name, body]) =>
    prefixes.map((prefix) => [`${prefix}/${name}`, body] as const),
  ),
)(
  'POST %s is there, with and without a slash at its end, and is no redirect',
  async (path, body) => {
    const headers = { 'x-api-key': gateway.key, 'content-type': 'application/json' };

    const plain = await post(path, JSON.stringify(body()), headers);
    const slash = await post(`${path}/`, JSON.stringify(body()), headers);

    for (const { status, type } of [plain, slash]) {
      expect([201, 202]).toContain(status);
      expect(type).toMatch(/^application\/json/);
    }
  },
);

test.each([
  ['X-API-Key: <key>', () => ({ 'X-API-Key': gateway.key })],
  ['Authorization: Bearer <key>', () => ({ Authorization: `Bearer ${gateway.key}` })],
  [
    'Authorization: bEARER <key>, with blanks',
    () => ({ Authorization: ` bEARER   ${gateway.key} ` }),
  ],
  ['Authorization: <key> (no scheme)', () => ({ Authorization: gateway.key })],
  [
    'the first one present decides',
    () => ({ 'X-API-Key': gateway.key, Authorization: 'Bearer wrong' }),
  ],
])('%s opens the ingest API', async (_form, headers) => {
  expect(await post('/ingest/builds', JSON.stringify(aBuild()), headers())).toMatchObject({
    status: 201,
  });
});

test.each([
  ['no key', {}],
  ['an unknown key', { 'X-API-Key': 'bb_live_nope' }],
  ['an empty key', { 'X-API-Key': '' }],
  ['another scheme', { Authorization: 'Basic dXNlcjpwYXNz' }],
])('%s is answered with 401 in JSON, whatever the body', async (_what, headers) => {
  const answer = await post('/api/v1/ingest/builds', '{', headers);

  expect(answer).toMatchObject({ status: 401, type: 'application/json' });
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'unauthorized' } });
});

test('a key that may only read is answered with 403, before the body is sent', async () => {
  const { secret } = await createKey(gateway, gateway.key, 'READ');
  const headers = { 'x-api-key': secret, 'content-length': 1_000_000 };

  const { status, body } = await sendHeaders(new URL('/ingest/tests', gateway.url), headers);

  expect(status).toBe(403);
  expect(body).toContain('"forbidden"');
});

test('without a key the answer comes before the body is sent', async () => {
  const headers = { 'content-length': 1_000_000 };

  const { status } = await sendHeaders(new URL('/ingest/builds', gateway.url), headers);

  expect(status).toBe(401);
});

test('a key may stand in the address, and a header decides before it', async () => {
  const path = `/ingest/builds?apiKey=${gateway.key}`;
  const body = JSON.stringify(aBuild());

  expect(await post(path, body, {})).toMatchObject({ status: 201 });
  expect(await post(path, body, { 'x-api-key': 'wrong' })).toMatchObject({ status: 401 });
});

test('keys in a query string are in no log and no answer', async () => {
  const secret = `bb_live_${randomUUID()}`;

  const answer = await post(`/ingest/builds?apiKey=${secret}&azpToken=${secret}`, '{}', {});

  expect(answer.text).not.toContain(secret);
  expect(JSON.stringify(gateway.logs())).not.toContain(secret);
});

test.each([
  ['application/json'],
  ['application/json; charset=utf-8'],
  ['APPLICATION/JSON;charset="UTF-8"'],
  ['text/plain'],
  ['application/x-www-form-urlencoded'],
])('a body of Content-Type %s is read as JSON', async (contentType) => {
  const headers = { 'x-api-key': gateway.key, 'content-type': contentType };

  expect(await post('/ingest/builds', JSON.stringify(aBuild()), headers)).toMatchObject({
    status: 201,
  });
});

test('a body without a Content-Type is read as JSON', async () => {
  const body = new Blob([JSON.stringify(aBuild())]); // fetch names no type for it

  expect(await post('/ingest/builds', body, { 'x-api-key': gateway.key })).toMatchObject({
    status: 201,
  });
});

test('a request that names a fetch mode and no origin is no attack', async () => {
  const headers = { 'x-api-key': gateway.key, 'sec-fetch-mode': 'cors' };

  expect(await post('/ingest/builds', JSON.stringify(aBuild()), headers)).toMatchObject({
    status: 201,
  });
});

test.each(['gzip', 'x-gzip', 'GZIP'])(
  'a body of Content-Encoding %s is unpacked',
  async (encoding) => {
    const headers = { 'x-api-key': gateway.key, 'content-encoding': encoding };
    const body = new Uint8Array(gzipSync(JSON.stringify(aBuild())));

    expect(await post('/ingest/builds', body, headers)).toMatchObject({ status: 201 });
  },
);

test('a chunked body is read', async () => {
  const text = JSON.stringify(aBuild());
  const { hostname, port, host } = new URL(gateway.url);
  const head = `POST /ingest/builds HTTP/1.1\r\nHost: ${host}\r\nX-API-Key: ${gateway.key}\r\n`;
  const chunk = `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

  const answer = await sendBytes(
    { hostname, port: Number(port) },
    `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`,
  );

  expect(answer.status).toBe(201);
});

test.each([
  ['no gzip, though it says so', 'gzip', '{}'],
  ['packed in an unknown way', 'br', '{}'],
])('a body that is %s is refused', async (_what, encoding, body) => {
  const headers = { 'x-api-key': gateway.key, 'content-encoding': encoding };

  expect(await post('/ingest/builds', body, headers)).toMatchObject({
    status: 400,
    type: 'application/json',
  });
});

test('bytes that are no UTF-8 are replaced, and cost nothing else', async () => {
  const build = aBuild();
  await report('builds', build);
  const [before = '', after = ''] = JSON.stringify(aSuite(build.id, { name: '#' })).split('#');
  const body = Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xc3]), Buffer.from(after)]);

  const answer = await post('/ingest/tests', body, { 'x-api-key': gateway.key });

  expect(answer.status).toBe(201);
  expect(await resultsOf(gateway, build.id)).toMatchObject([
    { testCase: { suite: '\uFFFD\uFFFD' } },
  ]);
});

test.each([
  ['builds', (deep: string) => `{"jobName":"j","status":"s","nodeInfo":${deep},"x":${deep}}`, 201],
  [
    'tests',
    (deep: string) => `{"buildId":"${randomUUID()}","testCases":[{"stackTrace":${deep}}]}`,
    202,
  ],
  ['tests', (deep: string) => deep, 400],
  ['security-reports', (deep: string) => `{"buildId":"${randomUUID()}","findings":${deep}}`, 202],
  ['agents', (deep: string) => `{"jenkinsInstanceId":"d","agents":[],"queueItems":[${deep}]}`, 201],
])('a million brackets in %s do no harm', async (resource, body, status) => {
  const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);

  expect(await report(resource, body(deep))).toMatchObject({ status });
});

test('a client that hangs up half way through a body stores nothing, and the gateway serves on', async () => {
  const build = aBuild();
  const text = JSON.stringify(build);
  const sending = request(new URL('/ingest/builds', gateway.url), {
    method: 'POST',
    headers: { 'x-api-key': gateway.key, 'content-length': text.length },
  });
  sending.on('error', () => undefined); // we hang up ourselves
  await new Promise((resolve) => sending.write(text.slice(0, -1), resolve));
  sending.destroy();

  const next = await report('builds', aBuild());

  expect(next.status).toBe(201);
  expect(await gateway.db.prisma.build.count({ where: { id: build.id } })).toBe(0);
  expect(gateway.logs().filter(({ level }) => Number(level) >= 50)).toEqual([]);
});

test.each(['/ingest', '/ingest/nothing', '/api/v1/ingest/', '/api/v1', '/nowhere'])(
  'POST %s is answered with 404 in JSON',
  async (path) => {
    const answer = await post(path, '{}', { 'x-api-key': gateway.key });

    expect(answer).toMatchObject({ status: 404, type: 'application/json' });
  },
);

test('an error body is short, however many things are wrong', async () => {
  const stages = Array.from({ length: 5000 }, () => ({}));

  const answer = await report('stages', { buildId: randomUUID(), stages });

  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body).length).toBeLessThan(1200);
});
