import { expect, test } from 'vitest';
import { postWebhook } from '../../src/outgoing/post-webhook.ts';
import type { Address, Outgoing } from '../../src/outgoing/target.ts';
import { answering, startHookReceiver } from './hook-receiver.ts';

const here: Address = { address: '127.0.0.1', family: 4 };
const allowing = (...allowedHosts: string[]): Outgoing => ({
  allowedHosts,
  resolve: () => Promise.resolve([here]),
});
const post = (url: string) => ({ url, headers: { 'x-test': 'yes' }, body: '{"é":1}' });

test('a webhook arrives with its headers and its body, byte for byte', async () => {
  const receiver = await startHookReceiver();

  const outcome = await postWebhook(post(receiver.url), allowing('127.0.0.1'));

  expect(outcome).toEqual({ statusCode: 204, answer: '', retryAfter: null, error: null });
  expect(receiver.arrived).toMatchObject([
    { body: '{"é":1}', headers: { 'x-test': 'yes', 'content-length': '8' } },
  ]);
});

test('a host is looked up once, and the address that was checked is the one that is connected to', async () => {
  const receiver = await startHookReceiver();
  const answers: Address[][] = [[here], [{ address: '192.0.2.1', family: 4 }]];
  const asked: string[] = [];
  const resolve = (hostname: string) => {
    asked.push(hostname);
    return Promise.resolve(answers.shift() ?? []);
  };
  const url = `http://hooks.internal:${String(receiver.port)}/`;

  const outcome = await postWebhook(post(url), { allowedHosts: ['hooks.internal'], resolve });

  expect(outcome.error).toBeNull();
  expect(asked).toEqual(['hooks.internal']);
  expect(receiver.arrived[0]?.headers.host).toBe(`hooks.internal:${String(receiver.port)}`);
});

test('a name that stands for an address of this machine is not connected to', async () => {
  const receiver = await startHookReceiver();
  const url = `https://rebound.example.org:${String(receiver.port)}/`;

  const outcome = await postWebhook(post(url), allowing());

  expect(outcome.error).toMatch(/private network/);
  expect(receiver.arrived).toEqual([]);
});

test('a redirect is not followed', async () => {
  const receiver = await startHookReceiver();
  const other = await startHookReceiver();
  receiver.answerWith(answering(307, { location: other.url }));

  const outcome = await postWebhook(post(receiver.url), allowing('127.0.0.1'));

  expect(outcome).toMatchObject({
    statusCode: 307,
    error: 'answered 307: redirects are not followed',
  });
  expect(other.arrived).toEqual([]);
});

test('of an answer that never ends no more is read than is needed', async () => {
  const receiver = await startHookReceiver();
  let written = 0;
  receiver.answerWith((response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write('x\u0000'.repeat(4096))) written += 8192;
    };
    response.on('drain', more);
    more();
  });

  const outcome = await postWebhook(post(receiver.url), allowing('127.0.0.1'));

  expect(outcome).toMatchObject({ statusCode: 200, error: null, answer: 'x\uFFFD'.repeat(500) });
  expect(written).toBeLessThan(50_000_000);
});

test('an endpoint that does not answer in time has failed; one that said 200 and then nothing has not', async () => {
  const receiver = await startHookReceiver();
  receiver.answerWith(() => undefined);
  const silent = await postWebhook(post(receiver.url), allowing('127.0.0.1'), 200);
  receiver.answerWith((response) => response.writeHead(200).write('begun'));

  const halfway = await postWebhook(post(receiver.url), allowing('127.0.0.1'), 200);

  expect(silent).toMatchObject({ statusCode: null, error: 'no answer within 0.2 s' });
  expect(halfway).toMatchObject({ statusCode: 200, answer: 'begun', error: null });
});

test('a host that is not found, or does not listen, has failed', async () => {
  const { port } = await startHookReceiver();
  const resolve = () => Promise.reject(Object.assign(new Error('?'), { code: 'ENOTFOUND' }));

  const lost = await postWebhook(post('https://nowhere.example.org/'), {
    allowedHosts: [],
    resolve,
  });
  const closed = await postWebhook(post('http://127.0.0.1:1/'), allowing('127.0.0.1'));
  const plain = await postWebhook(
    post(`https://127.0.0.1:${String(port)}/`),
    allowing('127.0.0.1'),
  );

  expect(lost.error).toBe('could not be reached: ENOTFOUND');
  expect(closed.error).toBe('could not be reached: ECONNREFUSED');
  expect(plain.error).toMatch(/could not be reached: /);
});

test('an endpoint whose host is allowed no more is not connected to', async () => {
  const receiver = await startHookReceiver();

  const outcome = await postWebhook(post(receiver.url), allowing());

  expect(outcome.error).toMatch(/OUTGOING_ALLOW_HOSTS/);
  expect(receiver.arrived).toEqual([]);
});
