import { randomUUID } from 'node:crypto';
import { readdir, readlink } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { keptLogs, recordedBuild, storedLog } from '../ingest/build-log-client.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

type Headers = Readonly<Record<string, string>>;

let gateway: TestGateway;
let buildId: string;
/** Three members and a bit, in which no two places are alike. */
const text = `=== Job: build ===\n${lines('build', 60_000)}=== Job: test ===\n${lines('tëst', 60_000)}`;
const bytes = Buffer.from(text);

function lines(name: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${name} line ${index}\n`).join('');
}

beforeAll(async () => {
  gateway = await startGateway();
  buildId = await storedLog(gateway, text);
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Plain HTTP: fetch unpacks what it gets. */
function ask(path: string, headers: Headers = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      new URL(path, gateway.url),
      { method, headers: { 'x-api-key': gateway.key, ...headers } },
      (response) => {
        response.toArray().then((chunks) => {
          const body = Buffer.concat(chunks as Buffer[]);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        }, reject);
      },
    );
    asking.once('error', reject).end();
  });
}

const logOf = (id: string) => `/builds/${id}/log`;

test.each(['/builds/ID/log', '/api/v1/builds/ID/log'])('the log is text at %s', async (path) => {
  const { status, headers, body } = await ask(path.replace('ID', buildId));

  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(bytes.length),
    'accept-ranges': 'bytes',
  });
  expect(body.equals(bytes)).toBe(true);
});

test('an alias of the build names its log', async () => {
  const id = randomUUID();
  const alias = randomUUID();
  const externalRunId = randomUUID();
  const build = { jobName: 'ci', buildNumber: 3, status: 'SUCCESS', externalRunId };
  await gateway.post('/ingest/builds', { ...build, id });
  await gateway.post('/ingest/builds', { ...build, id: alias });
  await gateway.post('/ingest/build-logs', { buildId: alias, logContent: 'one' });

  const answers = await Promise.all([ask(logOf(id)), ask(logOf(alias.toUpperCase()))]);

  expect(answers.map(({ body }) => body.toString())).toEqual(['one', 'one']);
});

test('HEAD says how large it is', async () => {
  const { status, headers, body } = await ask(logOf(buildId), {}, 'HEAD');

  expect(status).toBe(200);
  expect(headers['content-length']).toBe(String(bytes.length));
  expect(body).toHaveLength(0);
});

describe('ranges', () => {
  test('any range is that slice of the whole', async () => {
    const place = fc.nat({ max: bytes.length + 10 });
    await fc.assert(
      fc.asyncProperty(place, place, async (one, other) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)];

        const { status, headers, body } = await ask(logOf(buildId), {
          range: `bytes=${first}-${last}`,
        });

        const slice = bytes.subarray(first, last + 1);
        const end = Math.min(last, bytes.length - 1);
        expect(status).toBe(slice.length === 0 ? 416 : 206);
        expect(body.equals(slice)).toBe(true);
        expect(headers['content-range']).toBe(
          slice.length === 0 ? `bytes */${bytes.length}` : `bytes ${first}-${end}/${bytes.length}`,
        );
      }),
      {
        numRuns: 40,
        examples: [
          [0, 0],
          [1_048_575, 1_048_576],
          [1_048_576, 1_048_576],
          [bytes.length - 1, bytes.length],
        ],
      },
    );
  });

  test.each([
    ['bytes=5-', bytes.subarray(5)],
    ['bytes=-7', bytes.subarray(-7)],
    [`bytes=-${bytes.length + 5}`, bytes],
    ['BYTES=0-3', bytes.subarray(0, 4)],
  ])('%s is understood', async (range, slice) => {
    const { status, body } = await ask(logOf(buildId), { range });

    expect(status).toBe(206);
    expect(body.equals(slice)).toBe(true);
  });

  test.each(['bytes=0-1,4-5', 'bytes=5-4', 'bytes=-', 'bytes=x', 'lines=0-1', ''])(
    '"%s" is ignored',
    async (range) => {
      const { status, body } = await ask(logOf(buildId), { range });

      expect([status, body.length]).toEqual([200, bytes.length]);
    },
  );

  test.each([`bytes=${bytes.length}-`, 'bytes=-0', 'bytes=99999999999999999999-'])(
    '%s is refused',
    async (range) => {
      const { status, headers } = await ask(logOf(buildId), { range });

      expect(status).toBe(416);
      expect(headers['content-range']).toBe(`bytes */${bytes.length}`);
    },
  );

  test('a range of a log that was replaced is answered with all of the new one', async () => {
    const id = await storedLog(gateway, 'first log');
    const { headers } = await ask(logOf(id), { range: 'bytes=0-4' });
    const etag = String(headers.etag);
    const same = await ask(logOf(id), { range: 'bytes=6-', 'if-range': etag });
    await gateway.post('/ingest/build-logs', { buildId: id, logContent: 'second log' });

    const other = await ask(logOf(id), { range: 'bytes=6-', 'if-range': etag });

    expect([same.status, same.body.toString()]).toEqual([206, 'log']);
    expect([other.status, other.body.toString()]).toEqual([200, 'second log']);
  });
});

test('a log that is the one the client has is not sent', async () => {
  const { headers } = await ask(logOf(buildId));

  const { status, body } = await ask(logOf(buildId), { 'if-none-match': String(headers.etag) });

  expect([status, body.length]).toEqual([304, 0]);
});

test('a section is text of its own, with ranges of its own', async () => {
  const section = text.slice(text.indexOf('=== Job: test'));

  const whole = await ask(`${logOf(buildId)}?section=test`);
  const range = await ask(`${logOf(buildId)}?section=test`, { range: 'bytes=0-16' });
  const missing = await ask(`${logOf(buildId)}?section=deploy`);

  expect(whole.body.toString()).toBe(section);
  expect(range.body.toString()).toBe('=== Job: test ===');
  expect(range.headers['content-range']).toBe(`bytes 0-16/${Buffer.byteLength(section)}`);
  expect(missing.status).toBe(404);
});

test('a small log goes packed as it is stored to who takes it', async () => {
  const id = await storedLog(gateway, 'small\n'.repeat(1000));

  const packed = await ask(logOf(id), { 'accept-encoding': 'br, gzip;q=0.5' });
  const head = await ask(logOf(id), { 'accept-encoding': 'gzip' }, 'HEAD');
  const plain = await ask(logOf(id), { 'accept-encoding': 'gzip;q=0' });
  const range = await ask(logOf(id), { 'accept-encoding': 'gzip', range: 'bytes=0-4' });

  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(packed.body).toString()).toBe('small\n'.repeat(1000));
  expect(head.headers['content-length']).toBe(String(packed.body.length));
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(range.body.toString()).toBe('small');
  expect(plain.headers.etag).not.toBe(packed.headers.etag);
});

test('a log of several members goes as text: browsers read the first member alone', async () => {
  const { headers } = await ask(logOf(buildId), { 'accept-encoding': 'gzip' });

  expect(headers['content-encoding']).toBeUndefined();
});

test('an empty log is empty', async () => {
  const id = await storedLog(gateway, '');

  const whole = await ask(logOf(id), { 'accept-encoding': 'gzip' });
  const range = await ask(logOf(id), { range: 'bytes=0-' });

  expect([whole.status, whole.body.length]).toEqual([200, 0]);
  expect(range.status).toBe(416);
});

test('an unknown build, one of somebody else and one without a log are answered with the same bytes', async () => {
  const other = await gateway.createOrganization();
  const withoutLog = await recordedBuild(gateway);
  const asOther = { 'x-api-key': other.key };

  const answers = await Promise.all([
    ask(logOf(randomUUID())),
    ask(logOf(buildId), asOther),
    ask(`${logOf(buildId)}?section=test`, asOther),
    ask(logOf(withoutLog)),
    ask(logOf('no-uuid')),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  expect(new Set(answers.map(({ body }) => body.toString())).size).toBe(1);
});

test('without a key it is 401', async () => {
  expect((await fetch(new URL(logOf(buildId), gateway.url))).status).toBe(401);
});

/** Blobs of this gateway that this process has open. */
async function openBlobs(): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd');
  const files = await Promise.all(
    descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
  );
  return files.filter((file) => file.includes(`${gateway.config.dataDir}/blobs/`));
}

test.skipIf(process.platform !== 'linux')(
  'a client that reads slowly holds the blob, and one that hangs up lets it go',
  async () => {
    const id = await storedLog(gateway, incompressible(40_000_000));
    const reading = request(new URL(logOf(id), gateway.url), {
      headers: { 'x-api-key': gateway.key },
    });
    reading.on('error', () => undefined); // we hang up ourselves
    await new Promise<void>((resolve) => {
      reading.once('response', (response: IncomingMessage) => {
        response
          .on('error', () => undefined)
          .once('data', () => {
            response.pause();
            resolve();
          });
      });
      reading.end();
    });
    expect(await openBlobs()).toHaveLength(1);

    reading.destroy();

    await expect.poll(openBlobs).toEqual([]);
    expect(await keptLogs(gateway)).not.toEqual([]);
  },
);

function incompressible(length: number): string {
  const pieces = Array.from({ length: length / 40_000 }, () =>
    randomUUID().replaceAll('-', '').repeat(1250),
  );
  return pieces.join('');
}
