import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { body, field, file } from '../blobs/multipart-body.ts';
import { createKey } from '../identity/key-operations.ts';
import { hangUp, sendHeaders } from '../support/hang-up.ts';
import { spooledFiles } from '../support/spooled-files.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

afterEach(async () => {
  await expect.poll(() => spooledFiles(gateway)).toEqual([]);
});

const path = '/api/v1/results?repository=acme/widgets&number=1';
const report = '<testsuite name="unit"><testcase name="a" time="1"/></testsuite>';
const form = { 'content-type': 'multipart/form-data; boundary=cut' };
const part = file('file', 'a.xml', report);

/** Posts a body as it is, and gives status and answer. */
async function post(
  sent: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
) {
  const response = await fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, ...headers },
    body: sent,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const manyFiles = Array.from({ length: 1_001 }, () => part);
const manyFields = Array.from({ length: 101 }, (_, index) => field(`f${index}`, 'x'));

test.each([
  ['a form that breaks off', body(part).replace('--cut--', '--cut\r\n'), form, 400, 'too early'],
  [
    'a form without a boundary',
    body(part),
    { 'content-type': 'multipart/form-data' },
    400,
    'multipart',
  ],
  ['a form without a file', body(field('job', 'ci')), form, 400, 'at least one file'],
  ['more than 1,000 files', body(...manyFiles), form, 413, 'more than 1000 files'],
  ['more than 100 fields', body(...manyFields), form, 413, 'more than 100 fields'],
  ['a field that says nothing known', body(field('status', 'GREEN'), part), form, 400, 'status'],
  ['a form that is not gzip', body(part), { ...form, 'content-encoding': 'gzip' }, 400, 'not gzip'],
])('%s is refused', async (_what, sent, headers, status, message) => {
  const answer = await post(sent, headers);

  expect(answer).toMatchObject({
    status,
    body: { error: { message: expect.stringContaining(message) as string } },
  });
});

test('an empty body is an upload of which nothing can be read', async () => {
  expect(await post('', {})).toMatchObject({
    status: 422,
    body: { submission: { status: 'FAILED' }, files: [{ problem: 'The file is empty.' }] },
  });
});

test('a form may be packed as a whole, and what it unpacks to is bounded', async () => {
  const packed = { ...form, 'content-encoding': 'gzip' };
  const [beginning = ''] = body(part).split(report);
  const mebibyte = gzipSync(Buffer.alloc(1024 * 1024, ' '));
  const bomb = [gzipSync(beginning), ...Array<Buffer>(513).fill(mebibyte)];

  const fine = await post(new Uint8Array(gzipSync(body(part))), packed);
  const tooLarge = await post(new Uint8Array(Buffer.concat(bomb)), packed);

  expect(fine).toMatchObject({ status: 201, body: { accepted: 1 } });
  expect(tooLarge).toMatchObject({ status: 413, body: { error: { code: 'too_large' } } });
}, 30_000);

test.each([
  ['no key', '', 401],
  ['a key that is none', 'Bearer ba_nothing', 401],
])('with %s, the answer comes before the body is sent', async (_what, authorization, status) => {
  const headers = { authorization, 'content-type': 'application/xml', 'content-length': 1_000_000 };

  const answer = await sendHeaders(new URL(path, gateway.url), headers);

  expect(answer.status).toBe(status);
  expect(answer.body).toContain('unauthorized');
});

test('a key that may not ingest is refused before the body is sent', async () => {
  const { secret } = await createKey(gateway, gateway.key, 'READ');
  const headers = { authorization: `Bearer ${secret}`, 'content-length': 1_000_000 };

  const answer = await sendHeaders(new URL(path, gateway.url), headers);

  expect(answer.status).toBe(403);
  expect(answer.body).toContain('INGEST');
});

test('more than 512 MiB are refused before any of it is sent', async () => {
  const headers = {
    authorization: `Bearer ${gateway.key}`,
    'content-length': 512 * 1024 * 1024 + 1,
  };

  const answer = await sendHeaders(new URL(path, gateway.url), headers);

  expect(answer.status).toBe(413);
  expect(answer.body).toContain('too_large');
});

test.each([
  ['a form', form['content-type'], body(part).replace('--cut--', '')],
  ['a body', 'application/xml', report],
])('a client that hangs up in %s leaves nothing', async (_what, contentType, beginning) => {
  const { organizationId } = gateway;
  const before = await gateway.db.prisma.submission.count({ where: { organizationId } });

  await hangUp(gateway, path, contentType, beginning);

  await expect.poll(() => spooledFiles(gateway)).toEqual([]);
  expect(await gateway.db.prisma.submission.count({ where: { organizationId } })).toBe(before);
  expect(gateway.logs().filter(({ level }) => level === 'error')).toEqual([]);
});
