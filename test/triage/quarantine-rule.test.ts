import { beforeAll, expect, test } from 'vitest';
import { aBuild } from '../ingest/ingest-client.ts';
import type { Status } from '../ingest/tests-by-name.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { expireQuarantines } from '../../src/triage/expire-quarantines.ts';
import { newTriage, type Triage } from './triage-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Noon, so that hours before it are of the same day. */
const noon = new Date(Math.floor(Date.now() / dayMs) * dayMs - dayMs / 2);
const hoursAgo = (hours: number) => new Date(noon.getTime() - hours * hourMs).toISOString();
const after = (days: number) => new Date(noon.getTime() + days * dayMs);
const states = Array.from({ length: 10 }, (_, index) => `state ${index}`);

/** Lets the analytics take in what there is, at a time. */
const settle = (now: Date = noon) => gateway.settleAnalytics(() => now);

async function organization(settings: object): Promise<Triage> {
  const triage = await newTriage(gateway);
  await triage.run('first', 'PASSED', { at: hoursAgo(1) });
  await triage.decide('setFlakySettings', {
    repositoryId: await triage.repositoryId(),
    ...settings,
  });
  return triage;
}

async function runAll(
  { run }: Triage,
  name: string,
  results: readonly (readonly [state: string, Status])[],
  startHours = 24,
) {
  for (const [index, [state, status]] of results.entries()) {
    await run(name, status, { at: hoursAgo(startHours - index / 10), state: `${name} ${state}` });
  }
}

/** Passes on ten code states and failures on some of them. */
const flaky = (disruptions: number): (readonly [string, Status])[] => [
  ...states.slice(0, 10 - disruptions).map((state) => [state, 'PASSED'] as const),
  ...states.slice(0, disruptions).map((state) => [state, 'FAILED'] as const),
];

test('the rule mutes a test of which over 29 % of the results disrupt', async () => {
  const triage = await organization({ quarantinePercent: 29, statisticalResults: 1_000 });
  await runAll(triage, 'shaky', flaky(3));

  await settle();

  expect((await triage.history('shaky')).quarantine).toMatchObject({ mode: 'MUTE' });
});

test.each([
  ['30 % of the results disrupt, not more', flaky(3), 30],
  ['there are only 9 results', flaky(3).slice(1, 10), 10],
  ['all results fail, which disrupts nothing', states.map((s) => [s, 'FAILED'] as const), 99],
  ['half of the results disrupt, while the rule is off', flaky(5), null],
] as const)('the rule leaves a test alone of which %s', async (_what, results, percent) => {
  const triage = await organization({ quarantinePercent: percent, statisticalResults: 1_000 });
  await runAll(triage, 'shaky', results);

  await settle();

  expect((await triage.history('shaky')).quarantine).toBeNull();
});

test('the rule says why, and does the same thing once', async () => {
  const triage = await organization({ quarantinePercent: 20 });
  await runAll(triage, 'shaky', flaky(3));
  await settle();
  await triage.run('shaky', 'PASSED', { at: hoursAgo(2), state: 'another' });

  await settle();

  expect(await triage.history('shaky')).toMatchObject({
    quarantine: {
      mode: 'MUTE',
      isAutomatic: true,
      actor: null,
      reason: '3 disruptions in 10 results: over 20 %',
    },
    events: [{ change: 'CREATED', actor: null }],
  });
});

test('of a statistical disruptor failures count', async () => {
  const triage = await organization({ quarantinePercent: 40, brokenStates: 100 });
  await runAll(triage, 'shaky', [
    ...states.slice(0, 5).map((state) => [state, 'PASSED'] as const),
    ...states.slice(5).map((state) => [state, 'FAILED'] as const),
  ]);

  await settle();

  expect((await triage.history('shaky')).quarantine?.reason).toBe(
    '5 failures in 10 results: over 40 %',
  );
});

test('a changed percentage is held against all tests that failed', async () => {
  const triage = await organization({ quarantinePercent: 90 });
  await runAll(triage, 'shaky', flaky(3));
  await settle();
  const before = await triage.history('shaky');
  const repositoryId = await triage.repositoryId();

  await triage.decide('setFlakySettings', { repositoryId, quarantinePercent: 10 });
  await settle();
  const during = await triage.history('shaky');
  await triage.decide('setFlakySettings', { repositoryId, quarantinePercent: null });
  await settle(after(0.1));

  expect(before.quarantine).toBeNull();
  expect(during.quarantine).toMatchObject({ isAutomatic: true });
  expect(await triage.history('shaky')).toMatchObject({
    quarantine: null,
    events: [{ change: 'CREATED' }, { change: 'REMOVED', actor: null }],
  });
});

test('after a clean week the rule ends what it began, and not before', async () => {
  const triage = await organization({ quarantinePercent: 20 });
  await runAll(triage, 'shaky', flaky(3));
  await settle();
  // So many passes that the rule no longer holds.
  for (let index = 0; index < 10; index += 1) {
    await triage.run('shaky', 'PASSED', { at: hoursAgo(1), state: `later ${index}` });
  }
  await settle();
  const before = await triage.history('shaky');

  await expireQuarantines({ db: gateway.db, now: () => after(5) });
  const during = await triage.history('shaky');
  await expireQuarantines({ db: gateway.db, now: () => after(7) });

  expect(before.quarantine).not.toBeNull();
  expect(during.quarantine).not.toBeNull();
  expect(await triage.history('shaky')).toMatchObject({
    quarantine: null,
    events: [{ change: 'CREATED' }, { change: 'REMOVED', actor: null }],
  });
});

test('what a person took out comes back only after a younger disruption', async () => {
  const triage = await organization({ quarantinePercent: 10 });
  const now = new Date();
  await runAll(triage, 'shaky', flaky(3));
  await settle(now);
  await triage.unquarantine('shaky');
  await triage.run('shaky', 'PASSED', { at: hoursAgo(1), state: 'another' });
  await settle(now);
  const released = await triage.history('shaky');

  const soon = new Date(Date.now() + 60_000);
  await triage.run('shaky', 'FAILED', { at: soon.toISOString(), state: 'another' });
  await settle(new Date(soon.getTime() + 60_000));

  expect(released.quarantine).toBeNull();
  expect((await triage.history('shaky')).events).toMatchObject([
    { change: 'CREATED', actor: null },
    { change: 'REMOVED', actor: 'test' },
    { change: 'CREATED', actor: null },
  ]);
});

test.each(['NEVER', 'SKIP'])('the rule does not touch what a person decided: %s', async (mode) => {
  const triage = await organization({ quarantinePercent: 10 });
  await triage.run('shaky', 'PASSED', { at: hoursAgo(48) });
  await triage.quarantine('shaky', { mode });
  await runAll(triage, 'shaky', flaky(5));

  await settle();
  await expireQuarantines({ db: gateway.db, now: () => after(30) });

  const { quarantine, events } = await triage.history('shaky');
  expect(quarantine).toMatchObject({ mode, isAutomatic: false });
  expect(events).toHaveLength(1);
});

const tenOf = (status: Status) => states.map((state) => [state, status] as const);

async function modeAndDisruptor({ organizationId, idOf }: Triage, name: string) {
  const where = { organizationId, testCaseId: await idOf(name) };
  const flaky = await gateway.db.prisma.flakyTest.findFirst({ where });
  const held = await gateway.db.prisma.quarantine.findFirst({ where });
  return [held?.mode, flaky?.disruptorType];
}

test('failures that are excluded send no test to quarantine, and let one out', async () => {
  const triage = await organization({ quarantinePercent: 20, brokenStates: 100 });
  await runAll(
    triage,
    'often',
    [...tenOf('PASSED'), ...tenOf('FAILED')].map(([, status], index) => [`s ${index}`, status]),
  );
  await settle();
  const before = await modeAndDisruptor(triage, 'often');
  const failures = await gateway.db.prisma.testResult.findMany({
    where: { organizationId: triage.organizationId, status: 'FAILED' },
  });

  await triage.decide('excludeResults', {
    resultIds: failures.map(({ id }) => id),
    reason: 'a broken agent',
  });
  await settle(after(8));

  expect([before, await modeAndDisruptor(triage, 'often')]).toEqual([
    ['MUTE', 'STATISTICAL'],
    [undefined, undefined],
  ]);
});

test('failures of cancelled builds send no test to quarantine', async () => {
  const triage = await organization({ quarantinePercent: 20, brokenStates: 100 });
  await runAll(triage, 'cancelled', tenOf('PASSED'));
  for (const hours of states.keys()) {
    const { build } = await triage.ingest.build(
      aBuild({ status: 'ABORTED', startedAt: hoursAgo(20 - hours), treeSha: `tree ${hours}` }),
    );
    await triage.ingest.results({
      buildId: build.databaseId,
      results: [{ name: 'cancelled', status: 'FAILED' }],
    });
  }

  await settle();

  expect(await modeAndDisruptor(triage, 'cancelled')).toEqual([undefined, undefined]);
});
