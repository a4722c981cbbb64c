import { beforeAll, expect, test } from 'vitest';
import { judgeDueTests } from '../../src/engine/judge-again.ts';
import { analyticsEngine } from '../../src/jobs/analytics-engine.ts';
import { aBuild, aSubmission, repository } from '../ingest/ingest-client.ts';
import { day, type Status } from '../ingest/tests-by-name.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newTriage, type Triage } from '../triage/triage-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

/** Takes in what there is, as of eight in the morning of a day in May. */
const settle = (number: number) => gateway.settleAnalytics(() => new Date(day(number)));

/** The transitions of a test, the first first: `BEFORE AFTER RULE`. */
async function transitionsOf({ organizationId, idOf }: Triage, name: string) {
  const found = await gateway.db.prisma.flakyTransition.findMany({
    where: { organizationId, testCaseId: await idOf(name) },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  return found.map(({ before, after, rule }) => `${before} ${after} ${rule}`);
}

async function flakyTestOf({ organizationId, idOf }: Triage, name: string) {
  const where = { organizationId, testCaseId: await idOf(name) };
  return gateway.db.prisma.flakyTest.findFirst({ where });
}

/** One result a day from a day on, each on a tree of its own, on main. */
async function runDaily(triage: Triage, first: number, outcomes: string) {
  for (const [index, outcome] of outcomes.split('').entries()) {
    const number = first + index;
    const status: Status = outcome === 'P' ? 'PASSED' : 'FAILED';
    const place = {
      at: day(number),
      state: `tree ${number}`,
      branch: 'main',
      commit: `c${number}`,
    };
    await triage.run('t', status, place);
  }
}

async function flakyOnDayOne() {
  const triage = await newTriage(gateway);
  await triage.run('t', 'FAILED', { at: day(1), branch: 'main' });
  await triage.run('t', 'PASSED', { at: day(1), branch: 'main' });
  await settle(1);
  return triage;
}

const fix = async (triage: Triage, commitSha: string) =>
  triage.decide('markFixAttempted', { testCaseId: await triage.idOf('t'), commitSha });

test('a fix is verified by five clean code states of its branch from its commit on', async () => {
  const triage = await flakyOnDayOne();
  await fix(triage, 'c3');
  await settle(2);

  await triage.run('t', 'FAILED', { at: day(2), state: 'before', branch: 'main', commit: 'c2' });
  await runDaily(triage, 3, 'PPPP');
  await triage.run('t', 'FAILED', { at: day(6), state: 'elsewhere', branch: 'dev' });
  await settle(6);
  const four = await flakyTestOf(triage, 't');
  await runDaily(triage, 7, 'P');
  await settle(7);

  expect(four?.state).toBe('FIX_PENDING');
  expect(await transitionsOf(triage, 't')).toEqual([
    'HEALTHY FLAKY EVIDENCE',
    'FLAKY FIX_PENDING FIX_ATTEMPTED',
    'FIX_PENDING HEALTHY FIX_VERIFIED',
  ]);
});

test('a fix is refuted by a failure on code that contains its commit', async () => {
  const triage = await flakyOnDayOne();
  await fix(triage, 'c3');
  await settle(2);

  await runDaily(triage, 3, 'PPF');
  await settle(5);

  expect((await transitionsOf(triage, 't')).at(-1)).toBe('FIX_PENDING FLAKY FIX_REFUTED');
});

test('what goes quiet while its fix is awaited went quiet', async () => {
  const triage = await flakyOnDayOne();
  await fix(triage, 'never built');
  await settle(2);

  const inAMonth = new Date(Date.now() + 31 * 86_400_000);
  await judgeDueTests(analyticsEngine(gateway.db, () => inAMonth));

  expect((await transitionsOf(triage, 't')).at(-1)).toBe('FIX_PENDING HEALTHY QUIET');
});

test.each([
  ['verified by five clean code states', 'PPPPP', 'FIX_PENDING HEALTHY FIX_VERIFIED'],
  ['not by four', 'PPPP', 'BROKEN FIX_PENDING FIX_ATTEMPTED'],
  ['refuted by a failure after a pass', 'PF', 'FIX_PENDING HEALTHY FIX_REFUTED'],
])('the fix of a broken test is %s', async (_how, outcomes, last) => {
  const triage = await newTriage(gateway);
  await runDaily(triage, 1, 'PFFF');
  await settle(4);
  await fix(triage, 'c5');
  await settle(5);

  for (const [index, outcome] of outcomes.split('').entries()) {
    await runDaily(triage, 5 + index, outcome);
    await settle(6 + index);
  }

  expect((await transitionsOf(triage, 't')).at(-1)).toBe(last);
});

test('evidence is as old as its latest failure, however often its code passes afterwards', async () => {
  const triage = await flakyOnDayOne();
  await triage.run('t', 'PASSED', { at: day(30), branch: 'main' });
  await settle(30);

  await judgeDueTests(analyticsEngine(gateway.db, () => new Date(day(31))));

  expect(await flakyTestOf(triage, 't')).toMatchObject({ state: 'HEALTHY', disruptorType: null });
});

test('three code states that fail in a row break a test, until it passes', async () => {
  const triage = await newTriage(gateway);

  await runDaily(triage, 1, 'PFFF');
  await settle(4);
  await runDaily(triage, 5, 'P');
  await settle(5);

  expect(await transitionsOf(triage, 't')).toEqual([
    'HEALTHY BROKEN FAILS_IN_A_ROW',
    'BROKEN HEALTHY PASSED_AGAIN',
  ]);
});

test('a pass that is excluded mends nothing', async () => {
  const triage = await newTriage(gateway);
  await runDaily(triage, 1, 'FFFP');
  const { organizationId } = triage;
  const { id } = await gateway.db.prisma.testResult.findFirstOrThrow({
    where: { organizationId, status: 'PASSED' },
  });

  await settle(4);
  const before = await flakyTestOf(triage, 't');
  await triage.decide('excludeResults', { resultIds: [id], reason: 'wrong code' });
  await settle(4);

  expect([before, (await flakyTestOf(triage, 't'))?.state]).toEqual([null, 'BROKEN']);
});

test('a test that fails often is a statistical disruptor, unless its failures are excluded', async () => {
  const triage = await newTriage(gateway);
  await runDaily(triage, 1, 'FPPFPPFPPP');
  const { organizationId } = triage;
  await gateway.db.prisma.flakySettings.create({
    data: { organizationId, repositoryId: await triage.repositoryId(), alarmHalves: 100 },
  });
  await settle(10);
  const often = await flakyTestOf(triage, 't');
  const failures = await gateway.db.prisma.testResult.findMany({
    where: { organizationId, status: 'FAILED' },
  });

  await triage.decide('excludeResults', {
    resultIds: failures.map(({ id }) => id),
    reason: 'a bad week',
  });
  await settle(10);

  expect([often?.disruptorType, await flakyTestOf(triage, 't')]).toEqual(['STATISTICAL', null]);
});

test('statistics may look further back than recovery', async () => {
  const triage = await newTriage(gateway);
  await runDaily(triage, 1, 'FPFPFPFPPPPP');

  await triage.decide('setFlakySettings', {
    repositoryId: await triage.repositoryId(),
    ...{ alarmDays: 60, recoverDays: 7, alarmHalves: 100 },
  });
  await settle(26);

  expect(await flakyTestOf(triage, 't')).toMatchObject({ disruptorType: 'STATISTICAL' });
});

test('a failure between passes is evidence on the default branch alone, whenever that is learnt', async () => {
  const triage = await newTriage(gateway);
  await runDaily(triage, 1, 'PFP');
  await settle(3);
  const ofMain = await flakyTestOf(triage, 't');

  await triage.ingest.submission(
    aSubmission({ repository: { ...repository, defaultBranch: 'develop' } }),
  );
  await settle(3);

  expect([ofMain?.evidenceCount, await flakyTestOf(triage, 't')]).toEqual([1, null]);
});

test('failures of a cancelled build are no evidence, whenever they are linked to it', async () => {
  const triage = await newTriage(gateway);
  const place = { at: day(1), branch: 'main' };
  await triage.run('t', 'FAILED', place);
  await triage.run('t', 'PASSED', place);
  await settle(1);
  const { build } = await triage.ingest.build(aBuild({ status: 'ABORTED', treeSha: 'tree' }));

  await triage.ingest.submission(aSubmission({ key: 'upload 1', buildId: build.databaseId }));
  await settle(1);

  expect(await flakyTestOf(triage, 't')).toBeNull();
});

test('a build that was cancelled and runs again counts again', async () => {
  const triage = await newTriage(gateway);
  const said = aBuild({ treeSha: 'tree', startedAt: day(1) });
  const { build } = await triage.ingest.build({ ...said, status: 'ABORTED' });
  await triage.ingest.results({
    buildId: build.databaseId,
    results: [
      { name: 't', status: 'FAILED', attempt: 1 },
      { name: 't', status: 'PASSED', attempt: 2 },
    ],
  });
  await settle(1);
  const cancelled = await flakyTestOf(triage, 't');

  await triage.ingest.build({ ...said, attempt: 2, status: 'SUCCESS' });
  await settle(1);

  expect([cancelled, (await flakyTestOf(triage, 't'))?.state]).toEqual([null, 'FLAKY']);
});

test('attempts of one moment are in their order', async () => {
  const triage = await newTriage(gateway);
  for (const number of Array.from({ length: 8 }, (_, index) => index)) {
    const { build } = await triage.ingest.build(
      aBuild({ treeSha: `tree ${number}`, startedAt: day(1) }),
    );
    await triage.ingest.results({
      buildId: build.databaseId,
      results: Array.from({ length: 6 }, (_, index) => ({
        name: `test ${number}`,
        status: index < 3 ? 'FAILED' : 'PASSED',
        attempt: index + 1,
        durationUs: index,
      })),
    });
  }

  await settle(1);

  const { organizationId } = triage;
  const days = await gateway.db.prisma.testDay.findMany({ where: { organizationId } });
  expect(days.map(({ transitions, lastPassed }) => [transitions, lastPassed])).toEqual(
    Array.from({ length: 8 }, () => [1, true]),
  );
});
