import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { type Receiver, type Source, startReceiver } from './start-receiver.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});

/** Begins requests, and says of each no more than its head and the first byte of its body. */
async function beginRequests(url: string, heads: readonly string[]) {
  const { port, pathname } = new URL(url);
  const sockets = heads.map((head) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST ${pathname} HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n`);
    socket.write(head.includes('chunked') ? '1\r\n{\r\n' : '{');
    return socket;
  });
  await setTimeout(500);
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

/** Gives the status of the answer to a body that says its size, or does not. */
async function sendSigned({ url, secret }: Source, isOfAnySize: boolean) {
  const body = Buffer.from(JSON.stringify({ zen: 'Keep it logically awesome.', isOfAnySize }));
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const size = isOfAnySize
    ? { 'transfer-encoding': 'chunked' }
    : { 'content-length': String(body.byteLength) };
  const headers = {
    'x-github-event': 'ping',
    'x-hub-signature-256': `sha256=${signature}`,
    ...size,
  };
  const sent = request(url, { method: 'POST', headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

const slowly = (more: string) => [
  ...Array.from({ length: 80 }, () => `content-length: 900000${more}`),
  ...Array.from({ length: 6 }, () => `transfer-encoding: chunked${more}`),
];

test('who knows the address of a source and signs wrongly does not hold up others', async () => {
  const known = await receiver.createSource('GITHUB');
  const other = await receiver.createSource('GITHUB');
  const stop = await beginRequests(known.url, slowly('\r\nx-hub-signature-256: sha256=00'));

  const statuses = await Promise.all([sendSigned(other, false), sendSigned(other, true)]);

  stop();
  expect(statuses).toEqual([200, 200]);
}, 10_000);

test.each(['GITLAB', 'BUILDKITE'] as const)(
  'who knows the address of a source of %s, and not its secret, holds up nobody',
  async (provider) => {
    const { url, secret } = await receiver.createSource(provider);
    const stop = await beginRequests(url, slowly(''));

    const headers = { 'x-gitlab-token': secret, 'x-buildkite-token': secret };
    const { status } = await fetch(url, {
      method: 'POST',
      body: '{"object_kind":"push"}',
      headers,
    });

    stop();
    expect(status).toBe(200);
  },
  10_000,
);

test('bodies of strangers are not kept in memory', async () => {
  const { port } = new URL(receiver.url);
  const sizeBytes = 20 * 1024 * 1024;
  const before = process.memoryUsage().arrayBuffers;

  const sockets = Array.from({ length: 10 }, () => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /webhooks/github/${randomUUID()} HTTP/1.1\r\nhost: x\r\ncontent-length: ${sizeBytes}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(sizeBytes - 1));
    return socket;
  });
  await setTimeout(2_000);

  const grown = process.memoryUsage().arrayBuffers - before;
  for (const socket of sockets) socket.destroy();
  // What the sockets have not taken yet is the client's, in this very process: far from 200 MB in all.
  expect(grown).toBeLessThan(10 * sizeBytes * 1.5);
});
