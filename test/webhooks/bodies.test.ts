import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { rawBody } from '../../src/webhooks/read-body.ts';
import { type Receiver, startReceiver } from './start-receiver.ts';

let receiver: Receiver;
let stored: number;
beforeAll(async () => {
  receiver = await startReceiver();
});
beforeEach(async () => {
  stored = await receiver.db.prisma.webhookDelivery.count();
});

async function newlyStored(): Promise<number> {
  return (await receiver.db.prisma.webhookDelivery.count()) - stored;
}

function pathOf(provider: string): string {
  return `${receiver.url}/webhooks/${provider}`;
}

function send(url: string, body: string | Uint8Array<ArrayBuffer>) {
  return fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': 'sha256=00' },
  });
}

/** Begins a request whose body does not say its size, and ends when it is told to. */
function openRequest(url: string) {
  const sent = request(url, { method: 'POST' });
  sent.write('{"object_kind":"push"');
  return {
    status: once(sent, 'response').then(([response]) => (response as IncomingMessage).statusCode),
    /** The server has seen it. */
    isTaken: once(sent, 'socket').then(() => setTimeout(200)),
    end: () => sent.end('}'),
  };
}

test.each([
  ['empty', '', 400],
  ['no JSON', '{"a":', 400],
  ['no object', '[1]', 400],
  ['of NUL bytes', '\0\0', 400],
  ['of bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 400],
  ['with NUL in its words', '{"object_kind":"pipe\\u0000line"}', 200],
  ['with a lone surrogate', '{"object_kind":"\\ud800"}', 200],
  ['deeply nested', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 200],
])('a body that is %s is answered, and kept', async (_what, content, status) => {
  const response = await send(`${pathOf('gitlab')}?apiKey=${receiver.key}`, content);

  expect(response.status).toBe(status);
  expect(await newlyStored()).toBe(1);
});

test('25 MiB are taken, more is 413 and stores nothing', async () => {
  const most = 25 * 1024 * 1024;
  const padded = (size: number) => `{"object_kind":"push"}`.padEnd(size, ' ');
  const url = `${pathOf('gitlab')}?apiKey=${receiver.key}`;

  const largest = await send(url, padded(most));
  const tooLarge = await send(url, padded(most + 1));

  expect([largest.status, tooLarge.status]).toEqual([200, 413]);
  expect(await newlyStored()).toBe(1);
});

test.each([
  ['an unknown source', () => `${pathOf('github')}/${randomUUID()}`],
  ['an unknown key', () => `${pathOf('github')}?apiKey=${'0'.repeat(40)}`],
])('the body of %s is not kept, and it is 401, however much it is', async (_who, url) => {
  const response = await send(url(), 'x'.repeat(30e6));

  expect(response.status).toBe(401);
});

test('large bodies wait for each other, and not for ever; small ones do not wait for them', async () => {
  const url = `${pathOf('gitlab')}?apiKey=${receiver.key}`;
  const slow = [1, 2, 3, 4].map(() => openRequest(url));
  await Promise.all(slow.map(({ isTaken }) => isTaken));

  const late = openRequest(url);
  late.end();
  const small = await send(url, '{"object_kind":"push","small":true}');
  const isAnswered = await Promise.race([late.status, setTimeout(300, 'not yet')]);
  for (const { end } of slow) end();
  const statuses = await Promise.all([...slow, late].map(({ status }) => status));

  expect(small.status).toBe(200);
  expect(isAnswered).toBe('not yet');
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
});

test('a body that does not come is 408', async () => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(Buffer.from('{'));
    },
  });

  const refusal = rawBody(new Response(body), 50);

  await expect(refusal).rejects.toThrow('The body has not come within 50 ms.');
});
