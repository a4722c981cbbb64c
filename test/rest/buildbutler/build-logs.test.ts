import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { createKey } from '../../identity/key-operations.ts';
import { hangUp, sendHeaders } from '../../support/hang-up.ts';
import { spooledFiles } from '../../support/spooled-files.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { keptLogs, postLog, recordedBuild, storedLog } from '../../ingest/build-log-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const log = '=== Job: build ===\nok\n=== Job: test ===\n[Log not available]';

async function textOf(buildId: string, key = gateway.key): Promise<string> {
  const response = await fetch(new URL(`/builds/${buildId}/log`, gateway.url), {
    headers: { 'x-api-key': key },
  });
  return response.ok ? response.text() : String(response.status);
}

/** Posts bytes as the body. */
function postBytes(body: Uint8Array, headers: Readonly<Record<string, string>> = {}) {
  return fetch(new URL('/ingest/build-logs', gateway.url), {
    method: 'POST',
    headers: { 'x-api-key': gateway.key, 'content-type': 'application/json', ...headers },
    body: new Uint8Array(body),
  });
}

test.each(['/ingest/build-logs', '/api/v1/ingest/build-logs', '//ingest/build-logs'])(
  'a log posted to %s is the log of its build',
  async (path) => {
    const buildId = await recordedBuild(gateway);

    const response = await gateway.post(`${gateway.url}${path}`, { buildId, logContent: log });

    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ id: buildId, accepted: 1 });
    expect(await textOf(buildId)).toBe(log);
  },
);

test('the log may stand before the other fields, and unknown fields count for nothing', async () => {
  const buildId = await recordedBuild(gateway);

  const response = await postLog(gateway, {
    logContent: log,
    more: [{ logContent: 'no' }],
    buildId,
  });

  expect(response.status).toBe(201);
  expect(await textOf(buildId)).toBe(log);
});

test('a packed body is unpacked', async () => {
  const buildId = await recordedBuild(gateway);
  const body = gzipSync(JSON.stringify({ buildId, logContent: log }));

  const response = await postBytes(body, { 'content-encoding': 'gzip' });

  expect(response.status).toBe(201);
  expect(await textOf(buildId)).toBe(log);
});

test('a new log replaces the old one, and one blob is left', async () => {
  const fresh = await startGateway();
  const buildId = await storedLog(fresh, 'first');

  const response = await postLog(fresh, { buildId, logContent: 'second' });

  expect(response.status).toBe(201);
  const { body } = await fetch(new URL(`/builds/${buildId}/log`, fresh.url), {
    headers: { 'x-api-key': fresh.key },
  });
  expect(await new Response(body).text()).toBe('second');
  expect(await keptLogs(fresh)).toHaveLength(1);
  expect(await fresh.db.prisma.looseBlob.count()).toBe(0);
});

test('of many logs of a build at once one stays, whole, with one blob', async () => {
  const fresh = await startGateway();
  const buildId = await recordedBuild(fresh);
  const logs = Array.from(
    { length: 12 },
    (_, index) => `=== Job: ${index} ===\n${'x'.repeat(index)}`,
  );

  const statuses = await Promise.all(
    logs.map(async (logContent) => (await postLog(fresh, { buildId, logContent })).status),
  );

  expect(new Set(statuses)).toEqual(new Set([201]));
  const stored = await fetch(new URL(`/builds/${buildId}/log`, fresh.url), {
    headers: { 'x-api-key': fresh.key },
  });
  expect(logs).toContain(await stored.text());
  expect(await keptLogs(fresh)).toHaveLength(1);
  expect(await fresh.db.prisma.buildLogSection.count()).toBe(1);
  expect(await fresh.db.prisma.looseBlob.count()).toBe(0);
});

test('zcat reads the blob of a log', async () => {
  const text = `${'line\n'.repeat(500_000)}end`;
  const buildId = await storedLog(gateway, text);
  const { blobKey } = await gateway.db.prisma.buildLog.findFirstOrThrow({ where: { buildId } });

  const bytes = await gateway.uploads.blobs.read(blobKey);

  const stored = Buffer.concat(await bytes.toArray());
  expect(gunzipSync(stored).toString()).toBe(text);
});

test.each([
  ['no JSON', '{"buildId":'],
  ['no object', '[]'],
  ['no build', '{"logContent":"x"}'],
  ['a build that is no UUID', '{"buildId":"1","logContent":"x"}'],
  ['no log', `{"buildId":"${randomUUID()}"}`],
  ['a log that is null', `{"buildId":"${randomUUID()}","logContent":null}`],
  ['a log that is a number', `{"buildId":"${randomUUID()}","logContent":1}`],
  ['nothing', ''],
])('%s is answered with 400, and nothing is kept', async (_name, body) => {
  const before = await keptLogs(gateway);

  const response = await postBytes(Buffer.from(body));

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'bad_request' } });
  expect(await keptLogs(gateway)).toEqual(before);
  expect(await spooledFiles(gateway)).toEqual([]);
});

test('odd bytes are stored as they are', async () => {
  const buildId = await recordedBuild(gateway);
  const odd = Buffer.from([
    0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x00, 0x80,
  ]);
  const json = Buffer.concat([
    Buffer.from(`{"buildId":"${buildId}","logContent":"\\u001b`),
    odd.subarray(1, 11),
    Buffer.from('\\u0000'),
    odd.subarray(12),
    Buffer.from('"}'),
  ]);

  const response = await postBytes(json);

  expect(response.status).toBe(201);
  const stored = await fetch(new URL(`/builds/${buildId}/log`, gateway.url), {
    headers: { 'x-api-key': gateway.key },
  });
  expect(Buffer.from(await stored.arrayBuffer())).toEqual(odd);
});

test('a log of 30 MB is accepted', async () => {
  const line = '2026-03-02T10:00:00.0000000Z \u001b[36;1mnpm test\u001b[0m ☃ "quoted"\n';
  const text = line.repeat(30_000_000 / Buffer.byteLength(line));
  const buildId = await storedLog(gateway, text);

  expect(await textOf(buildId)).toBe(text);
});

test(
  'a log over the limit is answered with 413, and nothing of it is left',
  { timeout: 120_000 },
  async () => {
    const buildId = await recordedBuild(gateway);
    const before = await keptLogs(gateway);
    const block = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'x'));
    const members = [
      gzipSync(`{"buildId":"${buildId}","logContent":"`),
      ...Array.from({ length: 33 }, () => block),
      gzipSync('"}'),
    ];

    const response = await postBytes(Buffer.concat(members), { 'content-encoding': 'gzip' });

    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'too_large' } });
    expect(await keptLogs(gateway)).toEqual(before);
    expect(await spooledFiles(gateway)).toEqual([]);
    expect(await textOf(buildId)).toBe('404');
  },
);

test('a client that hangs up half way leaves the log that was there', async () => {
  const buildId = await storedLog(gateway, log);
  const before = await keptLogs(gateway);

  await hangUp(
    gateway,
    '/ingest/build-logs',
    'application/json',
    `{"buildId":"${buildId}","logContent":"${'x'.repeat(3_000_000)}`,
  );

  await expect.poll(() => spooledFiles(gateway)).toEqual([]);
  expect(await keptLogs(gateway)).toEqual(before);
  expect(await gateway.db.prisma.looseBlob.count()).toBe(0);
  expect(await textOf(buildId)).toBe(log);
});

test('a body that announces more than can be taken is answered at once', async () => {
  const { status, body } = await sendHeaders(new URL('/ingest/build-logs', gateway.url), {
    'x-api-key': gateway.key,
    'content-length': 5_000_000_000,
  });

  expect(status).toBe(413);
  expect(JSON.parse(body)).toMatchObject({ error: { code: 'too_large' } });
});

test('without a key, and with one that may only read, the body is not read', async () => {
  const reader = await createKey(gateway, gateway.key, 'READ');
  const url = new URL('/ingest/build-logs', gateway.url);
  const unread = { 'content-length': 1_000_000 };

  const answers = [
    await sendHeaders(url, unread),
    await sendHeaders(url, { ...unread, 'x-api-key': 'wrong' }),
    await sendHeaders(url, { ...unread, 'x-api-key': reader.secret }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([401, 401, 403]);
});

test('the log of another organization is neither replaced nor shown', async () => {
  const buildId = await storedLog(gateway, log);
  const other = await gateway.createOrganization();
  const copies = { jobName: 'ci', status: 'SUCCESS', jenkinsInstanceId: 'x' };

  const response = await postLog(
    gateway,
    { buildId, ...copies, logContent: 'theirs' },
    { authorization: `Bearer ${other.key}` },
  );

  expect(response.status).toBe(201); // it has made a build of its own, as with an unknown id
  expect(await textOf(buildId)).toBe(log);
  expect(await textOf(buildId, other.key)).toBe('theirs');
});
