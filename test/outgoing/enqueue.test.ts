import { beforeAll, expect, test } from 'vitest';
import { enqueueOutgoing, type OutgoingEvent } from '../../src/db/enqueue-outgoing.ts';
import { inTransaction } from '../../src/db/sql.ts';
import { outgoingTasks, webhooksAtOnce } from '../../src/jobs/send-outgoing.ts';
import { startRunners } from '../../src/jobs/start-runners.ts';
import { createLog } from '../../src/log.ts';
import { expireOutgoing } from '../../src/outgoing/expire-outgoing.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { cleanUp } from '../support/test-database.ts';
import { startHookReceiver } from './hook-receiver.ts';
import { newSender } from './outgoing-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { OUTGOING_ALLOW_HOSTS: '127.0.0.1' } });
});

const dayMs = 86_400_000;

const aChange = (repositoryId: string, dedupeKey: string): OutgoingEvent => ({
  ...{ repositoryId, dedupeKey, type: 'FLAKY_TEST_STATE_CHANGED', at: new Date(), data: {} },
});

test('an endpoint is told what it wants to know, of its repository, once', async () => {
  const { create, tell, messages, repositoryId } = await newSender(gateway);
  const { endpoint } = await create('https://example.org/all', { events: ['QUARANTINE_EXPIRED'] });
  const { endpoint: own } = await create('https://example.org/own', {
    events: ['QUARANTINE_EXPIRED', 'FLAKY_TEST_STATE_CHANGED'],
    repositoryId,
  });
  const other = '00000000-0000-4000-8000-000000000001';

  await tell({ type: 'QUARANTINE_CREATED' });
  await tell({ type: 'QUARANTINE_EXPIRED', dedupeKey: 'one' });
  await tell({ type: 'QUARANTINE_EXPIRED', dedupeKey: 'one' });
  await tell({ type: 'QUARANTINE_EXPIRED', dedupeKey: 'two', repositoryId: other });
  await tell({ type: 'FLAKY_TEST_STATE_CHANGED', dedupeKey: 'three' });

  const told = (await messages()).map(({ endpointId, dedupeKey }) => [endpointId, dedupeKey]);
  expect(told).toHaveLength(4);
  expect(told).toEqual(
    expect.arrayContaining([
      [endpoint.databaseId, 'one'],
      [endpoint.databaseId, 'two'],
      [own.databaseId, 'one'],
      [own.databaseId, 'three'],
    ]),
  );
});

test('what did not come to pass is not told', async () => {
  const { create, messages, organizationId, repositoryId } = await newSender(gateway);
  await create('https://example.org/hook');

  const failed = inTransaction(gateway.db.pool, async (tx) => {
    await enqueueOutgoing(tx, organizationId, [aChange(repositoryId, 'one')]);
    throw new Error('changed my mind');
  });

  await expect(failed).rejects.toThrow('changed my mind');
  expect(await messages()).toEqual([]);
});

test('many events are told in as many statements as one', async () => {
  const { create, messages, organizationId, repositoryId } = await newSender(gateway);
  await create('https://example.org/one');
  await create('https://example.org/two');
  const events = Array.from({ length: 150 }, (_, index) => aChange(repositoryId, `${index}`));
  const before = gateway.statements().length;

  await inTransaction(gateway.db.pool, (tx) => enqueueOutgoing(tx, organizationId, events));

  expect(gateway.statements().length - before).toBe(3);
  expect(await messages()).toHaveLength(300);
});

test('endpoints that never answer hold up no other organization', async () => {
  const [slow, quick] = [await newSender(gateway), await newSender(gateway)];
  const runners = await startRunners(gateway.db, createLog(gateway.config), [
    { taskList: outgoingTasks(slow.system), parsedCronItems: [], concurrency: webhooksAtOnce },
  ]);
  cleanUp(runners.stop);
  const [silent, receiver] = [await startHookReceiver(), await startHookReceiver()];
  silent.answerWith(() => undefined);
  for (let count = 0; count < 8; count += 1) await slow.create(silent.url);
  await quick.create(receiver.url);

  for (let count = 0; count < 5; count += 1) await slow.tell();
  await expect.poll(() => silent.arrived.length).toBeGreaterThan(0);
  await quick.tell();

  await expect.poll(() => receiver.arrived.length, { timeout: 10_000 }).toBe(1);
  expect(silent.arrived.length).toBeLessThanOrEqual(4);
});

test('messages are forgotten with their deliveries after the days that uploads are kept, unless they wait', async () => {
  const { create, tell, send, clock, messages, system, deliveries } = await newSender(gateway);
  const receiver = await startHookReceiver();
  const { endpoint } = await create(receiver.url);
  await tell();
  await send();
  await tell();

  clock.advance(30 * dayMs);
  await expireOutgoing(system, 30);
  const onTheDay = await messages();
  clock.advance(1);
  await expireOutgoing(system, 30);

  expect(onTheDay).toHaveLength(2);
  expect((await messages()).map(({ status }) => status)).toEqual(['PENDING']);
  expect(await deliveries(endpoint.databaseId)).toEqual([]);
});
