import { beforeAll, expect, test } from 'vitest';
import { enqueueOutgoing } from '../../src/db/enqueue-outgoing.ts';
import { inTransaction } from '../../src/db/sql.ts';
import { expireOutgoing } from '../../src/outgoing/sweep-outgoing.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { startHookReceiver } from './hook-receiver.ts';
import { newSender } from './outgoing-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { OUTGOING_ALLOW_HOSTS: '127.0.0.1' } });
});

const dayMs = 86_400_000;

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
    await enqueueOutgoing(tx, {
      organizationId,
      repositoryId,
      type: 'FLAKY_TEST_STATE_CHANGED',
      dedupeKey: 'one',
      at: new Date(),
      data: {},
    });
    throw new Error('changed my mind');
  });

  await expect(failed).rejects.toThrow('changed my mind');
  expect(await messages()).toEqual([]);
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
