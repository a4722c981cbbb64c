import { beforeAll, expect, test } from 'vitest';
import { claimMessage } from '../../src/outgoing/claim-message.ts';
import { sendOutgoing } from '../../src/outgoing/send-outgoing.ts';
import { sweepOutgoing } from '../../src/outgoing/sweep-outgoing.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { answering, type Arrived, isGenuine, startHookReceiver } from './hook-receiver.ts';
import { newSender } from './outgoing-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { OUTGOING_ALLOW_HOSTS: '127.0.0.1' } });
});

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function only<Value>(values: readonly Value[]): Value {
  const [value] = values;
  if (value === undefined || values.length > 1) throw new Error(`${values.length} and not one`);
  return value;
}

test('what arrives is genuine, and nothing that was made of it afterwards is', async () => {
  const { create, tell, send, clock } = await newSender(gateway);
  const receiver = await startHookReceiver();
  const { secret } = await create(receiver.url);
  const { secret: otherSecret } = await create('https://example.org/other', {
    events: ['QUARANTINE_CREATED'],
  });

  await tell();
  await send();

  const arrived = only(receiver.arrived);
  const changed = (headers: object, body = arrived.body): Arrived => ({
    headers: { ...arrived.headers, ...headers },
    body,
  });
  const later = new Date(clock.now().getTime() + 6 * minuteMs);
  const seconds = String(Math.floor(later.getTime() / 1000));
  expect(isGenuine(arrived, secret, clock.now())).toBe(true);
  expect(JSON.parse(arrived.body)).toEqual({
    type: 'flaky_test.state_changed',
    timestamp: clock.now().toISOString(),
    data: { before: 'HEALTHY', after: 'FLAKY' },
  });
  expect(arrived.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'Buildatlas',
  });
  const forged = [
    isGenuine(arrived, otherSecret, clock.now()),
    isGenuine(arrived, secret, later),
    isGenuine(changed({ 'webhook-timestamp': seconds }), secret, later),
    isGenuine(changed({ 'webhook-id': 'another' }), secret, clock.now()),
    isGenuine(changed({}, arrived.body.replace('FLAKY"', 'BROKEN"')), secret, clock.now()),
  ];
  expect(forged).toEqual([false, false, false, false, false]);
});

test('for a day after a rotation both secrets prove a webhook, then only the new one does', async () => {
  const { create, rotate, tell, send, clock } = await newSender(gateway);
  const receiver = await startHookReceiver();
  const { endpoint, secret: old } = await create(receiver.url);
  const { secret } = await rotate(endpoint.databaseId);
  // The rotation was made by the clock of the gateway.
  const moved = await gateway.db.prisma.webhookEndpoint.updateManyAndReturn({
    where: { id: endpoint.databaseId },
    data: { previousSecretUntil: new Date(clock.now().getTime() + 24 * hourMs) },
  });
  expect(moved).toHaveLength(1);
  const provenBy = async () => {
    await tell();
    await send();
    const arrived = receiver.arrived.at(-1);
    return [old, secret].map((each) => arrived && isGenuine(arrived, each, clock.now()));
  };

  const atOnce = await provenBy();
  clock.advance(24 * hourMs - 1);
  const atLast = await provenBy();
  clock.advance(1);
  const after = await provenBy();

  expect([atOnce, atLast, after]).toEqual([
    [true, true],
    [true, true],
    [false, true],
  ]);
});

test('a webhook that is not taken is tried ten times, at the times of the schedule, under one id', async () => {
  const { create, tell, send, clock, deliveries, messages } = await newSender(gateway);
  const receiver = await startHookReceiver();
  receiver.answerWith(answering(500, {}, 'out of order'));
  const { endpoint } = await create(receiver.url);
  await tell();
  const waitsS: number[] = [];

  for (let message = only(await messages()); message.nextAttemptAt !== null;) {
    const waitMs = message.nextAttemptAt.getTime() - clock.now().getTime();
    waitsS.push(Math.round(waitMs / 1000));
    clock.advance(Math.max(waitMs - 2_000, 0));
    if (waitMs > 2_000) await send(); // too early: nothing is sent
    clock.advance(Math.min(waitMs, 2_000));
    await send();
    message = only(await messages());
  }

  expect(waitsS).toHaveLength(10);
  for (const [index, leastS] of [0, 5, 300, 1800, 7200, 18_000].entries()) {
    expect(waitsS[index]).toBeGreaterThanOrEqual(leastS);
    expect(waitsS[index]).toBeLessThanOrEqual(leastS * 1.2 + 2);
  }
  expect(only(await messages())).toMatchObject({ status: 'FAILED', attempts: 10 });
  const log = await deliveries(endpoint.databaseId);
  expect(log.map(({ attempt }) => attempt)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(log[0]).toMatchObject({
    succeeded: false,
    statusCode: 500,
    answer: 'out of order',
    error: 'answered 500',
    message: { status: 'FAILED', nextAttemptAt: null },
  });
  expect(new Set(receiver.arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(receiver.arrived).toHaveLength(10);
});

test('an endpoint that asks for time gets it', async () => {
  const { create, tell, send, clock, messages } = await newSender(gateway);
  const receiver = await startHookReceiver();
  receiver.answerWith(answering(429, { 'retry-after': '3600' }));
  await create(receiver.url);
  await tell();

  await send();

  const { nextAttemptAt } = only(await messages());
  const waitMs = (nextAttemptAt?.getTime() ?? 0) - clock.now().getTime();
  expect(waitMs).toBeGreaterThanOrEqual(hourMs);
  expect(waitMs).toBeLessThanOrEqual(1.2 * hourMs + 2 * minuteMs);
});

test('an endpoint that answers 410 is told nothing more until it is enabled again', async () => {
  const { create, update, tell, send, messages, endpoint } = await newSender(gateway);
  const receiver = await startHookReceiver();
  receiver.answerWith(answering(410));
  const { databaseId: id } = (await create(receiver.url)).endpoint;
  await tell();
  await tell();

  await send();
  await tell();

  expect(receiver.arrived).toHaveLength(1);
  expect((await messages()).map(({ status }) => status)).toEqual(['FAILED', 'FAILED']);
  expect(await endpoint(id)).toMatchObject({ disabledReason: 'answered 410: it is gone' });
  receiver.answerWith(answering(204));
  expect(await update({ id, isEnabled: true })).toMatchObject({
    endpoint: { disabledAt: null, disabledReason: null, failingSince: null },
  });
  await tell();
  await send();
  expect(receiver.arrived).toHaveLength(2);
});

test('an endpoint that has failed for five days is disabled, but not one that succeeded in between', async () => {
  const { create, tell, send, clock, endpoint } = await newSender(gateway);
  const steady = await startHookReceiver();
  const shaky = await startHookReceiver();
  const { databaseId: steadyId } = (await create(steady.url)).endpoint;
  const { databaseId: shakyId } = (await create(shaky.url)).endpoint;
  const failing = answering(503);
  const onDay = async (isShakyUp: boolean) => {
    steady.answerWith(failing);
    shaky.answerWith(isShakyUp ? answering(200) : failing);
    await tell();
    await send();
    clock.advance(24 * hourMs);
  };

  for (const isShakyUp of [false, false, true, false, false]) await onDay(isShakyUp);
  const before = await endpoint(steadyId);
  await onDay(false);

  expect(before).toMatchObject({ disabledAt: null });
  expect(await endpoint(steadyId)).toMatchObject({ disabledReason: 'failed for 5 days' });
  expect(await endpoint(shakyId)).toMatchObject({ disabledAt: null });
  expect((await endpoint(shakyId)).failingSince).not.toBeNull();
});

test('an endpoint that has failed long ago is not disabled by one failure today', async () => {
  const { create, tell, send, clock, endpoint } = await newSender(gateway);
  const receiver = await startHookReceiver();
  const { databaseId: id } = (await create(receiver.url)).endpoint;
  receiver.answerWith(answering(503));
  await tell();
  await send();
  clock.advance(30 * 24 * hourMs);

  await tell();
  await send();

  expect(await endpoint(id)).toMatchObject({ disabledAt: null });
});

test('a replay is the same message, proven anew', async () => {
  const { create, tell, send, replay, clock, deliveries } = await newSender(gateway);
  const receiver = await startHookReceiver();
  const { endpoint, secret } = await create(receiver.url);
  await tell();
  await send();
  const first = only(await deliveries(endpoint.databaseId));
  const answer = await replay(first.databaseId);
  clock.advance(Date.now() + hourMs - clock.now().getTime()); // it was asked for by the gateway's clock

  await send();

  expect(answer).toEqual({ outgoingMessage: { status: 'PENDING', attempts: 0 } });
  const [before, after] = receiver.arrived;
  if (before === undefined || after === undefined) throw new Error('two were sent');
  expect(after.body).toBe(before.body);
  expect(after.headers['webhook-id']).toBe(before.headers['webhook-id']);
  expect(isGenuine(after, secret, clock.now())).toBe(true);
  expect(isGenuine(before, secret, clock.now())).toBe(false);
  expect(await deliveries(endpoint.databaseId)).toMatchObject([
    { attempt: 1, succeeded: true, message: { status: 'DELIVERED' } },
    { attempt: 1, succeeded: true },
  ]);
});

test('a message is sent once, however many gateways are told to', async () => {
  const { create, tell, messages, system, organizationId } = await newSender(gateway);
  const receiver = await startHookReceiver();
  await create(receiver.url);
  await tell();
  const { id: messageId } = only(await messages());

  const sent = await Promise.all(
    Array.from({ length: 8 }, () => sendOutgoing(system, { organizationId, messageId })),
  );

  expect(sent.filter((delivery) => delivery !== null)).toHaveLength(1);
  expect(receiver.arrived).toHaveLength(1);
});

test('what a gateway took and did not finish is sent by another after a minute', async () => {
  const { create, tell, send, messages, system, organizationId, clock } = await newSender(gateway);
  const receiver = await startHookReceiver();
  await create(receiver.url);
  await tell();
  const { id: messageId } = only(await messages());
  await claimMessage(system, { organizationId, messageId }); // and then it ends
  const jobs = `SELECT 1 FROM graphile_worker.jobs WHERE key = 'send_outgoing:' || $1`;
  await gateway.db.pool.query(`SELECT graphile_worker.remove_job('send_outgoing:' || $1)`, [
    messageId,
  ]);

  await send();
  expect(receiver.arrived).toHaveLength(0);
  clock.advance(3 * minuteMs);
  await sweepOutgoing(system);
  const queued = await gateway.db.pool.query(jobs, [messageId]);
  await send();

  expect(queued.rows).toHaveLength(1);
  expect(receiver.arrived).toHaveLength(1);
  expect(only(await messages())).toMatchObject({ status: 'DELIVERED', attempts: 2 });
});
