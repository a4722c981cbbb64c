import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { beforeAll, expect, test } from 'vitest';
import { createJsonReader } from '../../../src/rest/read-json.ts';
import { spooledFiles } from '../../support/spooled-files.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { aBuild, aCase, aSuite, type Report, shimClient } from './shim-client.ts';

let gateway: TestGateway;
let report: Report;
beforeAll(async () => {
  gateway = await startGateway();
  report = shimClient(gateway);
});

/** Posts a body with these headers alone. */
async function post(path: string, body: BodyInit, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`${gateway.url}${path}`, { method: 'POST', headers, body });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text: await response.text(),
  };
}

const mebibyte = 1024 * 1024;

test('65 MiB of JSON are answered with 413, not with a closed connection', async () => {
  const body = Buffer.alloc(65 * mebibyte, ' ');

  const answer = await post('/ingest/tests', body, { 'x-api-key': gateway.key });

  expect(answer).toMatchObject({ status: 413, type: 'application/json' });
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'too_large' } });
}, 30_000);

test('what unpacks to more than 64 MiB is answered with 413', async () => {
  const body = new Uint8Array(gzipSync(Buffer.alloc(65 * mebibyte, ' ')));
  const headers = { 'x-api-key': gateway.key, 'content-encoding': 'gzip' };

  expect(await post('/ingest/tests', body, headers)).toMatchObject({ status: 413 });
}, 30_000);

test('63 MiB of test results are stored', async () => {
  const build = aBuild();
  await report('builds', build);
  const stackTrace = 'x'.repeat(900_000);
  const testCases = Array.from({ length: 70 }, (_, index) =>
    aCase({ testName: `t${index}`, stackTrace }),
  );

  const answer = await report('tests', aSuite(build.id, { testCases }));

  expect(answer).toMatchObject({ status: 201, body: { accepted: 70 } });
}, 60_000);

const zeros = '0,'.repeat(33_000_000);
test.each([
  ['stages', (list: string) => `{"buildId":"${randomUUID()}","stages":${list}}`],
  ['tests', (list: string) => `{"buildId":"${randomUUID()}","testCases":${list}}`],
  ['tests', (list: string) => list],
  ['security-reports', (list: string) => `{"buildId":"${randomUUID()}","findings":${list}}`],
  ['agents', (list: string) => `{"jenkinsInstanceId":"z","agents":${list}}`],
  ['agents', (list: string) => `{"jenkinsInstanceId":"z","queueItems":${list}}`],
])(
  'tens of millions of zeros in %s are answered with 413, which names the limit',
  async (resource, body) => {
    const headers = { 'x-api-key': gateway.key, 'content-encoding': 'gzip' };
    const packed = new Uint8Array(gzipSync(body(`[${zeros}0]`), { level: 1 }));

    const answer = await post(`/ingest/${resource}`, packed, headers);

    expect(answer.status).toBe(413);
    expect(answer.text).toContain('3000000 JSON values');
  },
  30_000,
);

test.each([
  ['stages', 'stages', { buildId: randomUUID() }],
  ['agents', 'agents', { jenkinsInstanceId: 'z' }],
  ['tests', 'suites', { buildId: randomUUID() }],
])('millions of items in %s that are none are refused', async (resource, list, fields) => {
  const items = Array.from({ length: 2_500_000 }, () => 0);

  expect(await report(resource, { ...fields, [list]: items })).toMatchObject({ status: 413 });
});

test('200,000 findings are taken', async () => {
  const findings = Array.from({ length: 200_000 }, (_, index) => ({
    ...{ id: `f${index}`, severity: 'high', title: 't', message: 'm', package: 'p', version: '1' },
    ...{ fixedVersion: '2', file: 'f', line: 1, location: { column: 1, path: 'p' } },
  }));

  const answer = await report('security-reports', { buildId: randomUUID(), findings });

  expect(answer.status).toBe(202);
}, 60_000);

test('of many large bodies a few are in memory at once, and none stays on disk', async () => {
  const readJson = createJsonReader(gateway.uploads.spool);
  let now = 0;
  let most = 0;
  const app = new Hono().post('/', (c) =>
    readJson(c, async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now -= 1;
      return c.text('read');
    }),
  );
  const body = JSON.stringify('x'.repeat(2 * mebibyte));

  const answers = await Promise.all(
    Array.from({ length: 8 }, async () => app.request('/', { method: 'POST', body })),
  );

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(most).toBe(2);
  expect(await spooledFiles(gateway)).toEqual([]);
});

test('senders of large bodies that never end keep nobody waiting', async () => {
  const build = aBuild();
  await report('builds', build);
  const senders = Array.from({ length: 5 }, () => {
    const headers = { 'x-api-key': gateway.key, 'content-length': 4 * mebibyte };
    const sending = request(new URL('/ingest/tests', gateway.url), { method: 'POST', headers });
    sending.on('error', () => undefined); // we hang up ourselves
    sending.write('['.padEnd(3 * mebibyte));
    return sending;
  });
  await expect.poll(async () => (await spooledFiles(gateway)).length).toBe(5);
  const testCases = [aCase({ stackTrace: 'x'.repeat(900_000), errorMessage: 'x'.repeat(900_000) })];

  const { status } = await report('tests', aSuite(build.id, { testCases }));
  for (const sending of senders) sending.destroy();

  expect(status).toBe(201);
  await expect.poll(() => spooledFiles(gateway)).toEqual([]);
});
