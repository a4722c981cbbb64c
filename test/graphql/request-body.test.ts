import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { GraphQLAnswer } from '../support/start-gateway.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const mebibyte = Buffer.alloc(1024 * 1024, ' ');

/** Sends so many MiB of white space, as fast as they are taken, and gives the answer. */
async function sendMebibytes(count: number, headers: Readonly<Record<string, string>>) {
  const sending = request(new URL('/graphql', gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  });
  const answered = new Promise<{ status: number; body: GraphQLAnswer<unknown> }>(
    (resolve, reject) => {
      sending.once('error', reject);
      sending.once('response', (response) => {
        json(response).then((body) => {
          resolve({ status: response.statusCode ?? 0, body: body as GraphQLAnswer<unknown> });
        }, reject);
      });
    },
  );
  for (let sent = 0; sent < count; sent += 1) {
    const taken = new Promise((resolve) => sending.write(mebibyte, resolve));
    await Promise.race([taken, answered]);
  }
  sending.end();
  return answered;
}

/** Runs the work, and gives the most memory outside the heap that was held meanwhile, in MiB. */
async function peakMebibytes(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  let peak = before;
  const done = work();
  const sampling = new AbortController();
  const sampled = (async () => {
    while (!sampling.signal.aborted) {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
      await sleep(5);
    }
  })();
  await done;
  sampling.abort();
  await sampled;
  return (peak - before) / mebibyte.length;
}

const tooLarge = {
  status: 413,
  body: {
    errors: [
      {
        message: 'The body is larger than 32 MiB, the limit: send it as several requests.',
        extensions: { code: 'BODY_TOO_LARGE' },
      },
    ],
  },
};

test('a body over 32 MiB is answered with 413 when it says its length', async () => {
  const length = String(33 * mebibyte.length);

  expect(await sendMebibytes(33, { 'content-length': length })).toEqual(tooLarge);
});

test('a body over 32 MiB is answered with 413 when it does not say its length', async () => {
  expect(await sendMebibytes(33, {})).toEqual(tooLarge);
});

test('a body of 32 MiB is read', async () => {
  const { status, body } = await sendMebibytes(32, {});

  expect(status).toBe(400);
  expect(body.errors?.[0]?.message).toBe('POST body sent invalid JSON.');
});

test.each([
  ['that says its length', { 'content-length': String(400 * mebibyte.length) }],
  ['that does not', {}],
])('memory does not grow with a body %s', async (_which, headers) => {
  const peak = await peakMebibytes(() => sendMebibytes(400, headers));

  expect(peak).toBeLessThan(200);
});

const accept = { accept: 'application/graphql-response+json' };
const sent = (body: string | Uint8Array<ArrayBuffer>, contentType: string, more = {}) =>
  fetch(new URL('/graphql', gateway.url), {
    method: 'POST',
    headers: { ...accept, 'content-type': contentType, ...more },
    body,
  });
const typename = JSON.stringify({ query: '{ __typename }' });

test.each([
  ['empty', '', 'application/json', 400, 'invalid JSON'],
  ['cut off', '{"query": "{', 'application/json', 400, 'invalid JSON'],
  ['null', 'null', 'application/json', 400, 'expected to be object but received null'],
  ['a number', '7', 'application/json', 400, 'expected to be object but received number'],
  ['without a query', '{}', 'application/json', 400, 'Must provide query string'],
  [
    'with an unknown parameter',
    '{"query": "{a}", "x": 1}',
    'application/json',
    400,
    'Unexpected parameter "x"',
  ],
  [
    'a list of operations',
    `[${typename}]`,
    'application/json',
    400,
    'send each as a request of its own',
  ],
  ['text', typename, 'text/plain', 415, 'Send Content-Type: application/json'],
  ['XML', '<query/>', 'application/xml', 415, 'Send Content-Type: application/json'],
  [
    'a form with bad variables',
    'query={a}&variables={',
    'application/x-www-form-urlencoded',
    400,
    'must be JSON',
  ],
])('a body that is %s is refused with a word on why', async (_what, body, type, status, says) => {
  const response = await sent(body, type);

  expect(response.headers.get('content-type')).toContain('json');
  const { errors } = (await response.json()) as GraphQLAnswer<unknown>;
  expect(errors?.[0]?.message).toContain(says);
  expect(response.status).toBe(status);
});

test('a compressed body is refused with a word on why', async () => {
  const response = await sent(typename, 'application/json', { 'content-encoding': 'gzip' });

  expect(response.status).toBe(415);
  expect(await response.text()).toContain('Content-Encoding gzip is not taken');
});

test('bytes that are no UTF-8 are refused', async () => {
  const body = Buffer.from('{"query": "{ __typename }", "operationName": "\xff\xfe"}', 'latin1');

  const response = await sent(new Uint8Array(body), 'application/json');

  expect(response.status).toBe(400);
  expect(await response.text()).toContain('The body is not UTF-8.');
});

test('a byte order mark, other letters and emoji are read', async () => {
  const query = '\ufeff{ "query": "{ __type(name: \\"Läufer 🏃\\") { name } }" }';

  expect(await (await sent(query, 'application/json; charset=utf-8')).json()).toEqual({
    data: { __type: null },
  });
});

test.each([
  ['variables that are no JSON', 'query={__typename}&variables={', 400, 'must be JSON'],
  ['extensions that are no JSON', 'query={__typename}&extensions=[', 400, 'must be JSON'],
  ['a mutation', 'query=mutation{__typename}', 405, 'from a POST request'],
  ['nothing', '', 400, 'Must provide query string'],
])('an address with %s is refused with a word on why', async (_what, search, status, says) => {
  const response = await fetch(new URL(`/graphql?${search}`, gateway.url), { headers: accept });

  const { errors } = (await response.json()) as GraphQLAnswer<unknown>;
  expect(errors?.[0]?.message).toContain(says);
  expect(errors?.[0]?.extensions?.['code']).toBe('BAD_REQUEST');
  expect(response.status).toBe(status);
});

test.each(['PUT', 'DELETE', 'PATCH'])('%s is answered with 405', async (method) => {
  const response = await fetch(new URL('/graphql', gateway.url), { method });

  expect(response.status).toBe(405);
  expect(await response.text()).toContain('only supports GET and POST');
});

test('a client that leaves in the middle of its body disturbs nobody', async () => {
  const leaving = request(new URL('/graphql', gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': '1000' },
  });
  const left = new Promise((resolve) => leaving.once('error', resolve));
  leaving.write('{');
  await sleep(50);
  leaving.destroy(new Error('leaving'));
  await left;

  expect((await sent(typename, 'application/json')).status).toBe(200);
  expect(gateway.logs().filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
