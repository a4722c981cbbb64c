import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataDir } from '../support/data-dir.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startProcess } from '../support/start-process.ts';
import { migratedDatabase } from '../support/test-database.ts';

beforeAll(ensureBuilt);

const key = 'feedface'.repeat(5);
const megabyte = 1024 * 1024;

async function startGateway() {
  const env = {
    DATABASE_URL: await migratedDatabase(),
    DATA_DIR: await dataDir(),
    BOOTSTRAP_API_KEY: key,
    LOG_LEVEL: 'warn',
  };
  const gateway = startProcess(['serve'], { env });
  return { ...gateway, url: await gateway.ready() };
}

/** Resident memory now, and the most so far, in bytes. */
async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]);
  return { now: kibibytes('VmRSS') * 1024, peak: kibibytes('VmHWM') * 1024 };
}

/** A JUnit report of so many cases, about 200 bytes each, piece by piece. */
function* junit(cases: number): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
  for (let suite = 0; suite < cases / 1000; suite += 1) {
    yield `<testsuite name="com.acme.widgets.Suite${suite}" tests="1000" timestamp="2026-11-20T10:00:00Z">\n`;
    for (let piece = 0; piece < 10; piece += 1) yield hundredCases(suite, piece);
    yield '</testsuite>\n';
  }
  yield '</testsuites>\n';
}

function hundredCases(suite: number, piece: number): string {
  return Array.from({ length: 100 }, (_, index) => {
    const test = piece * 100 + index;
    const failure =
      test % 50 === 0
        ? '<failure message="expected 3 but was 2">at Widget.spin(Widget.java:42)</failure>'
        : '';
    return `  <testcase classname="com.acme.widgets.Suite${suite}" name="keeps its promise number ${test} under load and without a network" file="src/test/java/com/acme/widgets/Suite${suite}.java" time="0.${test + 100}">${failure}</testcase>\n`;
  }).join('');
}

/** Sends a body piece by piece, no faster than it is taken. */
async function send(
  url: string,
  body: Readable,
  path = '/api/v1/results?repository=acme/large&number=1',
) {
  const sending = request(new URL(path, url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream' },
  });
  const answered = new Promise<{ status: number; body: Record<string, unknown> }>(
    (resolve, reject) => {
      sending.once('error', reject).once('response', (response) => {
        text(response).then((answer) => {
          resolve({
            status: response.statusCode ?? 0,
            body: JSON.parse(answer) as Record<string, unknown>,
          });
        }, reject);
      });
    },
  );
  await pipeline(body, sending);
  return answered;
}

async function counts(url: string): Promise<unknown> {
  const query =
    '{ builds { totalCount } submissions { totalCount } testCases { totalCount } testResults { totalCount } }';
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query }),
  });
  return ((await response.json()) as { data: unknown }).data;
}

describe.skipIf(process.platform !== 'linux')(
  'in memory that does not grow with the upload',
  () => {
    test('a report of 100,000 cases and 20 MB is stored', { timeout: 240_000 }, async () => {
      const gateway = await startGateway();
      await send(
        gateway.url,
        Readable.from(junit(1000)),
        '/api/v1/results?repository=acme/warm&number=1',
      );
      const before = await memoryOf(gateway.pid);

      const { status, body } = await send(gateway.url, Readable.from(junit(100_000)));

      const { peak } = await memoryOf(gateway.pid);
      expect([status, body['accepted'], body['duplicates']]).toEqual([201, 100_000, 0]);
      expect(peak - before.now).toBeLessThan(150 * megabyte);
    });

    test(
      'what unpacks to 2 GB is refused with 413, and the gateway serves on',
      { timeout: 120_000 },
      async () => {
        const gateway = await startGateway();
        const zeros = Buffer.alloc(megabyte, ' ');
        const bomb = Readable.from(Array.from({ length: 2048 }, () => zeros)).pipe(createGzip());
        const before = await memoryOf(gateway.pid);

        const { status } = await send(gateway.url, bomb);

        const { peak } = await memoryOf(gateway.pid);
        expect(status).toBe(413);
        expect(peak - before.now).toBeLessThan(150 * megabyte);
        expect(await counts(gateway.url)).toMatchObject({ testResults: { totalCount: 0 } });
      },
    );
  },
);

test('when the client hangs up half way, nothing is there', async () => {
  const gateway = await startGateway();
  const sending = request(new URL('/api/v1/results?repository=acme/gone', gateway.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  sending.on('error', () => undefined); // of hanging up
  for (const piece of junit(20_000)) sending.write(piece);

  sending.destroy();

  expect(await counts(gateway.url)).toEqual({
    builds: { totalCount: 0 },
    submissions: { totalCount: 0 },
    testCases: { totalCount: 0 },
    testResults: { totalCount: 0 },
  });
});
