import { beforeAll, expect, test } from 'vitest';
import { expireQuarantines } from '../../src/triage/expire-quarantines.ts';
import { createKey } from '../identity/key-operations.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newTriage } from './triage-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

/** Makes all that was decided two hours old. */
async function letTimePass(organizationId: string) {
  await gateway.db.pool.query(
    `WITH decided AS (UPDATE quarantines SET since = since - interval '2 hours',
        expires_at = expires_at - interval '2 hours' WHERE organization_id = $1)
     UPDATE quarantine_events SET at = at - interval '2 hours' WHERE organization_id = $1`,
    [organizationId],
  );
}

const inAnHour = () => new Date(Date.now() + 3_600_000);

test('a test goes into quarantine, stays there however often that is said, and leaves it again', async () => {
  const { run, quarantine, unquarantine, history } = await newTriage(gateway);
  await run('shaky', 'PASSED');
  const terms = { mode: 'MUTE', reason: 'times out', owner: 'ada' };

  const first = await quarantine('shaky', terms);
  const again = await quarantine('shaky', terms);
  const during = await history('shaky');
  const { testCase } = await unquarantine('shaky');
  await unquarantine('shaky');

  expect(first.quarantine).toMatchObject({
    ...terms,
    isAutomatic: false,
    actor: 'test',
    expiresAt: null,
  });
  expect(again).toEqual(first);
  expect(during.events).toHaveLength(1);
  expect(testCase.quarantine).toBeNull();
  expect((await history('shaky')).events).toMatchObject([
    { change: 'CREATED', actor: 'test', beforeMode: null, afterMode: 'MUTE' },
    {
      change: 'REMOVED',
      actor: 'test',
      beforeMode: 'MUTE',
      beforeReason: 'times out',
      afterMode: null,
    },
  ]);
});

test('what is decided anew replaces what was decided before, and begins anew with another mode', async () => {
  const { run, quarantine, history } = await newTriage(gateway);
  await run('shaky', 'PASSED');

  const muted = await quarantine('shaky', { mode: 'MUTE', reason: 'one' });
  const explained = await quarantine('shaky', { mode: 'MUTE', reason: 'two' });
  const skipped = await quarantine('shaky', { mode: 'SKIP', reason: 'two' });

  expect(explained.quarantine.since).toBe(muted.quarantine.since);
  expect(skipped.quarantine.since > muted.quarantine.since).toBe(true);
  expect((await history('shaky')).events).toMatchObject([
    { change: 'CREATED' },
    { change: 'CHANGED', beforeReason: 'one', afterReason: 'two' },
    { change: 'CHANGED', beforeMode: 'MUTE', afterMode: 'SKIP' },
  ]);
});

test('at its end a quarantine is not there, and the next sweep says so in the log', async () => {
  const { organizationId, run, quarantine, history, ask } = await newTriage(gateway);
  await run('shaky', 'PASSED');
  await quarantine('shaky', { mode: 'SKIP', expiresAt: inAnHour() });
  await letTimePass(organizationId);

  const before = await history('shaky');
  const lists = await ask<{ quarantines: { totalCount: number } }>(
    '{ quarantines { totalCount } }',
  );
  await expireQuarantines({ db: gateway.db, now: () => new Date() });
  await expireQuarantines({ db: gateway.db, now: () => new Date() });

  expect(before.quarantine).toBeNull();
  expect(lists.quarantines.totalCount).toBe(0);
  expect((await history('shaky')).events).toMatchObject([
    { change: 'CREATED' },
    { change: 'EXPIRED', actor: null, beforeMode: 'SKIP', afterMode: null },
  ]);
});

test('a decision that meets one whose time is over says that it ended, and begins', async () => {
  const { organizationId, run, quarantine, history } = await newTriage(gateway);
  await run('shaky', 'PASSED');
  await quarantine('shaky', { mode: 'SKIP', expiresAt: inAnHour() });
  await letTimePass(organizationId);

  await quarantine('shaky', { mode: 'MUTE' });

  expect((await history('shaky')).events.map(({ change }) => change)).toEqual([
    'CREATED',
    'EXPIRED',
    'CREATED',
  ]);
});

test('lists hold what was decided, and say which tests are in quarantine', async () => {
  const { organizationId, run, quarantine, idOf, ask } = await newTriage(gateway);
  for (const name of ['muted', 'never', 'free']) {
    await run(name, 'FAILED');
    await gateway.db.pool.query(
      `INSERT INTO flaky_tests (organization_id, test_case_id, repository_id, state, state_since, evidence_count, first_evidence_at, last_evidence_at)
       SELECT organization_id, id, repository_id, 'FLAKY', now(), 1, now(), now() FROM test_cases
       WHERE organization_id = $1 AND id = $2 ON CONFLICT DO NOTHING`,
      [organizationId, await idOf(name)],
    );
  }
  await quarantine('muted', { mode: 'MUTE', owner: 'ada' });
  await quarantine('never', { mode: 'NEVER' });

  const lists = await ask(`{
    all: quarantines(orderBy: { field: SINCE, direction: ASC }) { nodes { mode testCase { name } } }
    hers: quarantines(filter: { owner: "ada", text: "MUT" }) { nodes { mode repository { name } } }
    inside: flakyTests(filter: { quarantined: true }) { nodes { testCase { name } quarantine { mode } } }
    outside: flakyTests(filter: { quarantined: false }) { totalCount }
    repositories { nodes { quarantines(filter: { mode: [NEVER] }) { nodes { mode } } } }
  }`);

  expect(lists).toEqual({
    all: {
      nodes: [
        { mode: 'MUTE', testCase: { name: 'muted' } },
        { mode: 'NEVER', testCase: { name: 'never' } },
      ],
    },
    hers: { nodes: [{ mode: 'MUTE', repository: { name: 'widgets' } }] },
    inside: { nodes: [{ testCase: { name: 'muted' }, quarantine: { mode: 'MUTE' } }] },
    outside: { totalCount: 2 },
    repositories: { nodes: [{ quarantines: { nodes: [{ mode: 'NEVER' }] } }] },
  });
});

test('what cannot be decided is refused with its reason', async () => {
  const { key, run, send, idOf } = await newTriage(gateway);
  await run('shaky', 'PASSED');
  const testCaseId = await idOf('shaky');
  const reader = await createKey(gateway, key, 'READ');

  const past = await send('quarantineTest', { testCaseId, mode: 'MUTE', expiresAt: new Date(0) });
  const unknown = await send('unquarantineTest', { testCaseId: 'f'.repeat(24) });
  const forbidden = await send('quarantineTest', { testCaseId, mode: 'MUTE' }, reader.secret);

  expect(past).toMatchObject({
    issues: [{ path: ['input', 'expiresAt'], message: 'must be in the future' }],
  });
  expect(unknown).toMatchObject({ __typename: 'NotFoundError' });
  expect(forbidden).toMatchObject({ __typename: 'ForbiddenError' });
});

test('decisions about one test at one time come one after the other', async () => {
  const { run, quarantine, history } = await newTriage(gateway);
  await run('shaky', 'PASSED');

  await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((reason) => quarantine('shaky', { mode: 'MUTE', reason })),
  );

  const { quarantine: last, events } = await history('shaky');
  expect(events.map(({ change }) => change).sort()).toEqual([
    'CHANGED',
    'CHANGED',
    'CHANGED',
    'CHANGED',
    'CREATED',
  ]);
  const reasons = events.map(({ afterReason }) => afterReason);
  expect(reasons.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(reasons).toContain(last?.reason);
});
