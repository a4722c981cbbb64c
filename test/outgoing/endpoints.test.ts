import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { answering, isGenuine, startHookReceiver } from './hook-receiver.ts';
import { newSender } from './outgoing-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { OUTGOING_ALLOW_HOSTS: '127.0.0.1' } });
});

test('a secret is shown once, and stored sealed', async () => {
  const { create, endpoint } = await newSender(gateway);

  const made = await create('https://example.org/hook');

  expect(made.secret).toMatch(/^whsec_[\w+/]{43}=$/);
  const stored = await endpoint(made.endpoint.databaseId);
  expect(Buffer.from(stored.sealedSecret).toString('latin1')).not.toContain(made.secret.slice(6));
});

test.each([
  ['http://example.org/', [], 'url'],
  ['https://10.0.0.1/', ['QUARANTINE_CREATED'], 'url'],
  ['', ['QUARANTINE_CREATED'], 'url'],
  ['https://example.org/', [], 'events'],
])('an endpoint at "%s" that is told %j is refused', async (url, events, field) => {
  const { create, ask } = await newSender(gateway);

  const answer = await create(url, { events });

  expect(answer).toMatchObject({ __typename: 'ValidationError' });
  expect(JSON.stringify(answer)).toContain(`"path":["input","${field}"]`);
  expect(await ask('{ answer: webhookEndpoints { totalCount } }')).toEqual({ totalCount: 0 });
});

test('an endpoint is changed in what is said, and in nothing else', async () => {
  const { create, update, repositoryId } = await newSender(gateway);
  const { databaseId: id } = (await create('https://example.org/a', { repositoryId })).endpoint;

  const moved = await update({ id, url: 'https://example.org/b' });
  const widened = await update({ id, repositoryId: null, events: ['QUARANTINE_EXPIRED'] });
  const disabled = await update({ id, isEnabled: false });
  const refused = await update({ id, url: 'http://example.org/' });

  expect(moved).toMatchObject({
    endpoint: {
      url: 'https://example.org/b',
      events: ['FLAKY_TEST_STATE_CHANGED'],
      repository: { name: 'widgets' },
    },
  });
  expect(widened).toMatchObject({
    endpoint: { url: 'https://example.org/b', events: ['QUARANTINE_EXPIRED'], repository: null },
  });
  expect(disabled).toMatchObject({ endpoint: { disabledReason: 'disabled by a key' } });
  expect(refused).toMatchObject({ __typename: 'ValidationError' });
});

test('a test is sent at once, once, and says what came of it', async () => {
  const { create, sendTest, clock, endpoint } = await newSender(gateway);
  const receiver = await startHookReceiver();
  const { secret, endpoint: made } = await create(receiver.url);

  const good = await sendTest(made.databaseId);
  receiver.answerWith(answering(500));
  const bad = await sendTest(made.databaseId);

  expect(clock.now().getTime()).toBeLessThan(Date.now());
  expect(good).toMatchObject({
    delivery: { event: 'webhook.test', succeeded: true, statusCode: 204, error: null },
  });
  expect(bad).toMatchObject({ delivery: { succeeded: false, message: { status: 'FAILED' } } });
  expect(receiver.arrived).toHaveLength(2);
  expect(receiver.arrived.map((each) => isGenuine(each, secret, new Date()))).toEqual([true, true]);
  expect(await endpoint(made.databaseId)).toMatchObject({ failingSince: null });
});

test('a deleted endpoint takes with it all that was or was to be sent', async () => {
  const { create, remove, tell, send, messages } = await newSender(gateway);
  const receiver = await startHookReceiver();
  const { databaseId: id } = (await create(receiver.url)).endpoint;
  await tell();

  const answers = [await remove(id), await remove(id)];
  await send();

  expect(answers).toEqual([
    { deletedId: id },
    { message: 'There is no webhook endpoint with this id.' },
  ]);
  expect(await messages()).toEqual([]);
  expect(receiver.arrived).toEqual([]);
});

test('nothing is replayed to an endpoint that is disabled', async () => {
  const { create, update, tell, send, replay, deliveries } = await newSender(gateway);
  const receiver = await startHookReceiver();
  const { databaseId: id } = (await create(receiver.url)).endpoint;
  await tell();
  await send();
  const [delivery] = await deliveries(id);
  await update({ id, isEnabled: false });

  const answers = [await replay(delivery?.databaseId ?? ''), await replay(randomUUID())];

  expect(answers).toEqual([
    { message: 'The endpoint is disabled: enable it first.' },
    { message: 'There is no delivery with this id.' },
  ]);
  expect(receiver.arrived).toHaveLength(1);
});

test("another organization's endpoint is not there", async () => {
  const owner = await newSender(gateway);
  const { update, rotate, remove, sendTest } = await newSender(gateway);
  const { databaseId: id } = (await owner.create('https://example.org/')).endpoint;

  const answers = [
    await update({ id, url: 'https://example.org/b' }),
    await rotate(id),
    await remove(id),
    await sendTest(id),
  ];

  for (const answer of answers) {
    expect(answer).toMatchObject({
      message: expect.stringMatching(/no webhook endpoint/) as string,
    });
  }
  expect(await owner.endpoint(id)).toMatchObject({ url: 'https://example.org/' });
});

/** A key that reads and ingests, and nothing else. */
async function readingKey({ ask, key }: Awaited<ReturnType<typeof newSender>>): Promise<string> {
  const { secret } = await ask<{ secret: string }>(
    `mutation { answer: createApiKey(input: { name: "reader", capabilities: [READ, INGEST] }) {
      ... on CreateApiKeyPayload { secret } } }`,
    {},
    key,
  );
  return secret;
}

test('a key without MANAGE may not say where webhooks go', async () => {
  const sender = await newSender(gateway);

  const answer = await sender.ask(
    `mutation { answer: createWebhookEndpoint(input: { url: "https://example.org/", events: [QUARANTINE_CREATED] }) {
      __typename } }`,
    {},
    await readingKey(sender),
  );

  expect(answer).toEqual({ __typename: 'ForbiddenError' });
});

test('a key without MANAGE sees which host webhooks go to, but not the address', async () => {
  const sender = await newSender(gateway);
  await sender.create('https://hooks.example.org:8443/services/T0/B0/secret?token=abc');

  const answer = await sender.ask(
    '{ answer: webhookEndpoints { nodes { url origin } } }',
    {},
    await readingKey(sender),
  );

  expect(answer).toEqual({ nodes: [{ url: null, origin: 'https://hooks.example.org:8443' }] });
});
