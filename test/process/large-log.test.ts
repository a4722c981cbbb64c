import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataDir } from '../support/data-dir.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startProcess } from '../support/start-process.ts';
import { migratedDatabase } from '../support/test-database.ts';

beforeAll(ensureBuilt);

const key = 'feedface'.repeat(5);
const megabyte = 1024 * 1024;
const headers = { authorization: `Bearer ${key}` };
const buildId = '0190a1b2-0000-7000-8000-000000000001';

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

/** About a mebibyte of a log as JSON has it, in lines that differ. */
function piece(number: number): string {
  const lines = Array.from({ length: 8 * 1024 }, (_, line) => {
    const at = `2026-03-02T10:00:00.${String(number * 8192 + line).padStart(12, '0')}Z`;
    return `${at} \\u001b[36;1mnpm test\\u001b[0m ☃ ${'done '.repeat(11)}${line * 7919}\\n`;
  });
  return lines.join('');
}

const copies = '"jobName":"ci","buildNumber":1,"status":"SUCCESS","jenkinsInstanceId":"x"';

/** A body with the log first, of so many pieces. */
function* body(pieces: number): Generator<string> {
  yield '{"logContent":"=== Job: large ===\\n';
  for (let number = 0; number < pieces; number += 1) yield piece(number);
  yield `","buildId":"${buildId}",${copies}}`;
}

async function send(url: string, pieces: number): Promise<number> {
  const sending = request(new URL('/ingest/build-logs', url), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
  });
  const status = new Promise<number>((resolve, reject) => {
    sending.once('error', reject).once('response', (response) => {
      text(response).then(() => {
        resolve(response.statusCode ?? 0);
      }, reject);
    });
  });
  await pipeline(Readable.from(body(pieces)), sending);
  return status;
}

/** Reads the whole log and gives its size. */
function read(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(new URL(`/builds/${buildId}/log`, url), { headers }, (response) => {
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => (sizeBytes += chunk.length));
      response.once('end', () => {
        resolve(sizeBytes);
      });
    })
      .once('error', reject)
      .end();
  });
}

/** More by hand: LOG_MEBIBYTES=1024 npx vitest run test/process/large-log.test.ts */
const mebibytes = Number(process.env['LOG_MEBIBYTES'] ?? 256);

describe.skipIf(process.platform !== 'linux')('in memory that does not grow with the log', () => {
  test('a log of 256 MiB is stored, indexed, and read', { timeout: 600_000 }, async () => {
    const gateway = await startGateway();
    await send(gateway.url, 4);
    const small = await read(gateway.url);
    const before = await memoryOf(gateway.pid);
    const began = performance.now();

    const status = await send(gateway.url, mebibytes);
    const stored = await memoryOf(gateway.pid);
    const storedMs = performance.now() - began;
    const sizeBytes = await read(gateway.url);
    const readMs = performance.now() - began - storedMs;

    const { peak } = await memoryOf(gateway.pid);
    // eslint-disable-next-line no-console -- what a run by hand is for
    if (mebibytes !== 256) console.info({ sizeBytes, storedMs, readMs, before, stored, peak });
    expect(status).toBe(201);
    expect(sizeBytes - 19).toBe(((small - 19) / 4) * mebibytes);
    expect(peak - before.now).toBeLessThan(100 * megabyte);
  });
});
