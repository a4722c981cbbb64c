import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newTriage, type Triage } from './triage-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

async function organization(...names: readonly string[]): Promise<Triage> {
  const triage = await newTriage(gateway);
  for (const name of names) await triage.run(name, 'PASSED');
  return triage;
}

/** What runners are told, and which list it is. */
async function listOf({ key }: Triage) {
  const response = await fetch(new URL('/api/v1/quarantine?repository=acme/widgets', gateway.url), {
    headers: { authorization: `Bearer ${key}` },
  });
  const { tests } = (await response.json()) as { tests: { name: string; mode: string }[] };
  return {
    etag: response.headers.get('etag'),
    tests: tests.map(({ name, mode }) => `${name} ${mode}`).sort(),
  };
}

test('what was decided about a renamed test holds under its new name and the former one', async () => {
  const triage = await organization('old', 'new');
  const { quarantine } = await triage.quarantine('old', { mode: 'SKIP', reason: 'times out' });
  await triage.merge('old', 'new');

  await gateway.settleAnalytics();

  expect((await listOf(triage)).tests).toEqual(['new SKIP', 'old SKIP']);
  expect(await triage.history('new')).toMatchObject({
    quarantine: { mode: 'SKIP', reason: 'times out', actor: 'test', since: quarantine.since },
    events: [{ change: 'CREATED', actor: 'test', afterMode: 'SKIP' }],
  });
  expect(await triage.history('old')).toMatchObject({
    quarantine: null,
    events: [{ change: 'CREATED' }, { change: 'REMOVED', actor: null }],
  });
});

test('it holds for the last test of a chain of merges, and is told once', async () => {
  const triage = await organization('oldest', 'old', 'new');
  await triage.quarantine('oldest', { mode: 'MUTE' });
  await triage.merge('oldest', 'old');
  await triage.merge('old', 'new');

  await gateway.settleAnalytics();
  await triage.run('oldest', 'FAILED');
  await gateway.settleAnalytics();

  expect((await listOf(triage)).tests).toEqual(['new MUTE', 'old MUTE', 'oldest MUTE']);
  expect((await triage.history('new')).events).toHaveLength(1);
});

test('of several decisions the latest holds, but not against what was decided about the test itself', async () => {
  const triage = await organization('one', 'two', 'undecided', 'decided');
  await triage.quarantine('one', { mode: 'MUTE' });
  await triage.quarantine('two', { mode: 'SKIP' });
  await triage.merge('one', 'undecided');
  await triage.merge('two', 'undecided');
  await triage.quarantine('decided', { mode: 'NEVER' });
  await gateway.settleAnalytics();

  await triage.merge('undecided', 'decided');
  await gateway.settleAnalytics();

  expect((await triage.history('undecided')).events).toMatchObject([
    { change: 'CREATED', afterMode: 'SKIP' },
    { change: 'REMOVED', beforeMode: 'SKIP' },
  ]);
  expect((await triage.history('decided')).quarantine?.mode).toBe('NEVER');
  expect((await listOf(triage)).tests).toEqual([]);
});

test.each(['quarantineTest', 'markFixAttempted', 'tagTest'] as const)(
  '%s of a test case that was merged is refused, and names the one that counts',
  async (verb) => {
    const triage = await organization('old', 'new');
    await triage.merge('old', 'new');
    const testCaseId = await triage.idOf('old');
    const inputs = {
      quarantineTest: { testCaseId, mode: 'MUTE' },
      markFixAttempted: { testCaseId, commitSha: 'c1' },
      tagTest: { testCaseIds: [testCaseId], tags: ['slow'] },
    };

    const answer = await triage.send(verb, inputs[verb]);

    expect(answer).toMatchObject({
      __typename: 'ConflictError',
      message: expect.stringContaining(`merged into ${await triage.idOf('new')}`) as unknown,
    });
  },
);

test('a quarantine whose time is over when its test is merged ends', async () => {
  const triage = await organization('old', 'new');
  const expiresAt = new Date(Date.now() + 3_600_000);
  await triage.quarantine('old', { mode: 'MUTE', expiresAt: expiresAt.toISOString() });
  await triage.merge('old', 'new');

  await gateway.settleAnalytics(() => new Date(expiresAt.getTime() + 1));

  expect((await triage.history('old')).events.at(-1)).toMatchObject({ change: 'EXPIRED' });
  expect(await triage.history('new')).toEqual({ quarantine: null, events: [] });
});

test('a merge and its end change the list of runners, who are told so by the ETag', async () => {
  const triage = await organization('old', 'new');
  await triage.quarantine('new', { mode: 'MUTE' });
  const before = await listOf(triage);

  await triage.merge('old', 'new');
  const merged = await listOf(triage);
  await triage.unmerge('old');
  const parted = await listOf(triage);

  expect([before.tests, merged.tests, parted.tests]).toEqual([
    ['new MUTE'],
    ['new MUTE', 'old MUTE'],
    ['new MUTE'],
  ]);
  expect(new Set([before.etag, merged.etag, parted.etag]).size).toBe(3);
});
