import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { listenHttp } from '../src/http-server.ts';

const here = { host: '127.0.0.1', port: 0 };

const eventStream: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('data: 1\n\n');
};

const never: RequestListener = () => undefined;

const slow: RequestListener = (_request, response) => {
  setTimeout(() => response.end('done'), 300);
};

test('draining ends an event stream as if it were complete', async () => {
  const server = await listenHttp(eventStream, here);
  const response = await fetch(server.url);

  const cutOff = await server.drain(5000);

  expect(await response.text()).toBe('data: 1\n\n');
  expect(cutOff).toBe(0);
});

test('draining lets a slow answer finish and closes its connection', async () => {
  const server = await listenHttp(slow, here);
  const answer = fetch(server.url);
  await sleep(100);

  const cutOff = await server.drain(5000);

  const response = await answer;
  expect(await response.text()).toBe('done');
  expect(response.headers.get('connection')).toBe('close');
  expect(cutOff).toBe(0);
});

test('a request that never ends is cut off when patience does, and counted', async () => {
  const server = await listenHttp(never, here);
  const answer = fetch(server.url).then(String, String);
  await sleep(100);

  const cutOff = await server.drain(200);

  expect(cutOff).toBe(1);
  expect(await answer).toContain('fetch failed');
});

test('an address that is not ours is refused with what to set', async () => {
  const listening = listenHttp(never, { host: '192.0.2.1', port: 0 });

  await expect(listening).rejects.toThrow(
    '192.0.2.1:0 is no address of this machine: set HOST, e.g. to 127.0.0.1 or 0.0.0.0',
  );
});
