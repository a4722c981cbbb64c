import { beforeAll, expect, test } from 'vitest';
import { defaultFlakySettings } from '../../src/domain/flaky-settings.ts';
import { day } from '../ingest/tests-by-name.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newTriage } from './triage-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

interface Answer {
  readonly repository: { readonly flakySettings: Readonly<Record<string, number | null>> };
}

test('the defaults that are shown are those of the table', async () => {
  const { run, organizationId, repositoryId, ask } = await newTriage(gateway);
  await run('one', 'PASSED');
  const key = { organizationId, repositoryId: await repositoryId() };

  const shown = await ask<{ repositories: { nodes: unknown[] } }>(
    `{ repositories { nodes { flakySettings { ${Object.keys(defaultFlakySettings).join(' ')} } } } }`,
  );

  const stored = await gateway.db.prisma.flakySettings.create({ data: key });
  expect(stored).toEqual({ ...key, ...defaultFlakySettings });
  expect(shown.repositories.nodes).toEqual([{ flakySettings: defaultFlakySettings }]);
});

test('what is not said stays as it is, and null turns off', async () => {
  const { run, repositoryId, decide } = await newTriage(gateway);
  await run('one', 'PASSED');
  const set = async (settings: object) =>
    decide<Answer>('setFlakySettings', { repositoryId: await repositoryId(), ...settings });

  await set({ quarantinePercent: 20, outagePercent: null });
  await set({ alarmDays: 7 });
  const { repository } = await set({ quarantinePercent: null });

  expect(repository.flakySettings).toEqual({
    ...defaultFlakySettings,
    outagePercent: null,
    alarmDays: 7,
  });
});

test('changes of two settings at one time keep each other', async () => {
  const { run, repositoryId, decide, ask } = await newTriage(gateway);
  await run('one', 'PASSED');
  const id = await repositoryId();

  await Promise.all(
    [{ alarmDays: 7 }, { recoverDays: 60 }, { brokenStates: 4 }].map((settings) =>
      decide('setFlakySettings', { repositoryId: id, ...settings }),
    ),
  );

  const { repositories } = await ask<{ repositories: { nodes: unknown[] } }>(
    '{ repositories { nodes { flakySettings { alarmDays recoverDays brokenStates } } } }',
  );
  expect(repositories.nodes).toEqual([
    { flakySettings: { alarmDays: 7, recoverDays: 60, brokenStates: 4 } },
  ]);
});

test.each([
  [{ alarmDays: 0 }, 'alarmDays', 'must be at least 1'],
  [{ recoverDays: 366 }, 'recoverDays', 'must be at most 365'],
  [{ outagePercent: 100 }, 'outagePercent', 'must be at most 99'],
  [{ quarantinePercent: 0 }, 'quarantinePercent', 'must be at least 1'],
  [{ brokenStates: null }, 'brokenStates', 'must be a number: this cannot be turned off'],
])('a setting out of its range is refused: %j', async (settings, field, message) => {
  const { run, repositoryId, send } = await newTriage(gateway);
  await run('one', 'PASSED');

  const answer = await send('setFlakySettings', {
    repositoryId: await repositoryId(),
    ...settings,
  });

  expect(answer).toMatchObject({ issues: [{ path: ['input', field], message }] });
});

test('other thresholds judge tests anew that failed before', async () => {
  const { organizationId, run, idOf, repositoryId, decide } = await newTriage(gateway);
  for (const [index, state] of ['one', 'two'].entries()) {
    await run('broken', 'FAILED', { at: day(1 + index), state, branch: 'main' });
  }
  const now = () => new Date(day(3));
  const where = { organizationId, testCaseId: await idOf('broken') };
  await gateway.settleAnalytics(now);
  const before = await gateway.db.prisma.flakyTest.findFirst({ where });

  await decide('setFlakySettings', { repositoryId: await repositoryId(), brokenStates: 2 });
  await gateway.settleAnalytics(now);

  expect(before?.state ?? 'HEALTHY').toBe('HEALTHY');
  expect(await gateway.db.prisma.flakyTest.findFirst({ where })).toMatchObject({ state: 'BROKEN' });
});
