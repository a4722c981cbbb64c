import { expect, test } from 'vitest';
import { aBuild, aSubmission, ingestClient, repository } from '../ingest/ingest-client.ts';
import { startGateway } from '../support/start-gateway.ts';
import { buildStatistics } from './statistics-client.ts';

const june = { from: '2026-06-01T00:00:00Z', to: '2026-06-03T00:00:00Z' };

test('statistics count builds of a window, of its intervals and of the window before', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  const sent = [
    { startedAt: '2026-05-30T12:00:00Z', status: 'SUCCESS', durationMs: 30_000 },
    { startedAt: '2026-06-01T00:00:00Z', status: 'SUCCESS', durationMs: 60_000 },
    { startedAt: '2026-06-01T23:59:59Z', status: 'FAILURE', durationMs: 120_000 },
    {
      startedAt: '2026-06-02T10:00:00Z',
      status: 'SUCCESS',
      durationMs: 90_000,
      queueDurationMs: 5_000,
    },
    { startedAt: '2026-06-02T10:01:00Z', status: 'UNSTABLE' },
    { startedAt: '2026-06-02T10:02:00Z', status: 'ABORTED', durationMs: 1 },
    { startedAt: '2026-06-02T10:03:00Z', status: 'IN_PROGRESS' },
    { startedAt: '2026-06-03T00:00:00Z', status: 'SUCCESS' },
  ] as const;
  for (const build of sent) await ingest.build(aBuild(build));
  await gateway.settleAnalytics();

  const { total, previous, intervals, change, dataAvailableFrom, cost } = await buildStatistics(
    gateway,
    { window: june },
  );

  expect(total).toMatchObject({
    from: '2026-06-01T00:00:00.000Z',
    to: '2026-06-03T00:00:00.000Z',
    ...{ count: 6, success: 2, failure: 1, unstable: 1, aborted: 1, unfinished: 1, notRun: 0 },
    ...{ successRate: 0.5, meanDurationMs: 90_000, buildsPerDay: 3 },
  });
  const times = total.durationPercentiles.map(({ ms }) => ms);
  expect(
    times.map((ms, index) => Math.abs(ms / ([60_000, 90_000, 120_000][index] ?? 0) - 1) < 0.02),
  ).toEqual([true, true, true]);
  expect(total.queuePercentiles[0]?.ms).toBeCloseTo(5_000, -3);
  expect(previous).toMatchObject({ from: '2026-05-30T00:00:00.000Z', count: 1, successRate: 1 });
  expect(intervals.map(({ from, count }) => [from, count])).toEqual([
    ['2026-06-01T00:00:00.000Z', 2],
    ['2026-06-02T00:00:00.000Z', 4],
  ]);
  expect(change).toEqual({
    count: 5,
    successRate: -0.5,
    meanDurationMs: 2,
    meanTimeToRecoveryMs: null,
  });
  expect(dataAvailableFrom).toBe('2026-05-30T12:00:00.000Z');
  expect(cost).toBeNull();
});

test('where there is nothing before, nothing has changed from it', async () => {
  const gateway = await startGateway();
  await ingestClient(gateway).build(aBuild({ startedAt: '2026-06-01T00:00:00Z' }));
  await gateway.settleAnalytics();

  const { change, previous } = await buildStatistics(gateway, { window: june });

  expect(previous).toMatchObject({ count: 0, successRate: null, durationPercentiles: [] });
  expect(change).toMatchObject({ count: null, successRate: null });
});

test('recovery lasts from the end of the first failure to the end of the next success, of a job on the default branch', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  const known = { ...repository, defaultBranch: 'trunk' };
  const build = (
    minute: number,
    status: 'SUCCESS' | 'FAILURE' | 'UNSTABLE' | 'ABORTED',
    said = {},
  ) =>
    ingest.build(
      aBuild({
        ...{ repository: known, branch: 'trunk', status, durationMs: 60_000 },
        startedAt: new Date(Date.parse(june.from) + minute * 60_000).toISOString(),
        ...said,
      }),
    );
  await build(0, 'SUCCESS');
  await build(10, 'FAILURE');
  await build(20, 'UNSTABLE');
  await build(25, 'SUCCESS', { jobName: 'other' });
  await build(26, 'SUCCESS', { branch: 'topic' });
  await build(27, 'ABORTED');
  await build(30, 'SUCCESS', { durationMs: 120_000 });
  await build(40, 'FAILURE', { branch: 'topic' });
  await build(41, 'SUCCESS', { branch: 'topic' });
  await build(50, 'FAILURE', { jobName: 'other' });
  await build(60, 'SUCCESS', { jobName: 'other' });
  await build(70, 'FAILURE');
  await gateway.settleAnalytics();

  const { total } = await buildStatistics(gateway, { window: june });

  expect(total).toMatchObject({ recoveryCount: 2, meanTimeToRecoveryMs: (21 + 10) * 30_000 });
});

test('days of a time zone have 23 and 25 hours where clocks change, and months no gaps', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  for (const startedAt of [
    '2026-03-28T23:00:00Z',
    '2026-03-29T21:59:00Z',
    '2026-03-29T22:00:00Z',
  ]) {
    await ingest.build(aBuild({ startedAt }));
  }
  await gateway.settleAnalytics();
  const ask = (from: string, to: string, interval = 'DAY') =>
    buildStatistics(gateway, { window: { from, to }, interval, timeZone: 'Europe/Berlin' });

  const spring = await ask('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z');
  const autumn = await ask('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z');
  const months = await ask('2026-01-15T00:00:00Z', '2026-04-10T00:00:00Z', 'MONTH');

  expect(spring.intervals.map(({ from, count }) => [from, count])).toEqual([
    ['2026-03-28T12:00:00.000Z', 0],
    ['2026-03-28T23:00:00.000Z', 2],
    ['2026-03-29T22:00:00.000Z', 1],
  ]);
  expect(autumn.intervals).toHaveLength(1);
  expect(months.intervals.map(({ from, to }) => [from, to])).toEqual([
    ['2026-01-15T00:00:00.000Z', '2026-01-31T23:00:00.000Z'],
    ['2026-01-31T23:00:00.000Z', '2026-02-28T23:00:00.000Z'],
    ['2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
    ['2026-03-31T22:00:00.000Z', '2026-04-10T00:00:00.000Z'],
  ]);
});

test('so many days are days of the time zone up to now', async () => {
  const gateway = await startGateway();
  await ingestClient(gateway).build(aBuild({ startedAt: new Date().toISOString() }));
  await gateway.settleAnalytics();

  const { total, intervals } = await buildStatistics(gateway, {
    window: { days: 3 },
    timeZone: 'Asia/Kathmandu',
  });

  expect(total.count).toBe(1);
  expect(intervals).toHaveLength(3);
  expect(total.from).toMatch(/T18:15:00/);
});

test('a break that began before the window counts where it began, and once', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  for (const [hour, status] of [
    [9, 'SUCCESS'],
    [10, 'FAILURE'],
    [12, 'UNSTABLE'],
    [13, 'FAILURE'],
    [14, 'SUCCESS'],
    [15, 'FAILURE'],
    [16, 'SUCCESS'],
  ] as const) {
    const startedAt = `2026-06-01T${String(hour).padStart(2, '0')}:00:00Z`;
    await ingest.build(aBuild({ status, branch: 'main', startedAt, durationMs: 0 }));
  }
  await gateway.settleAnalytics();
  const recoveries = async (from: number, to: number) => {
    const window = { from: `2026-06-01T${from}:00:00Z`, to: `2026-06-01T${to}:00:00Z` };
    const { total } = await buildStatistics(gateway, { window });
    return [total.recoveryCount, total.meanTimeToRecoveryMs];
  };

  expect(await recoveries(10, 11)).toEqual([1, 4 * 3_600_000]);
  expect(await recoveries(12, 14)).toEqual([0, null]);
  expect(await recoveries(12, 16)).toEqual([1, 3_600_000]);
});

test('windows, intervals, time zones and percentiles that cannot be are refused with words', async () => {
  const gateway = await startGateway();
  await ingestClient(gateway).build(aBuild());
  const refusal = async (args: string, figures = 'count') => {
    const { errors } = await gateway.graphql(
      `{ repository(owner: "acme", name: "widgets") { statistics(${args}) { total { ${figures} } } } }`,
    );
    return errors?.[0]?.message ?? '';
  };

  expect(await refusal('window: { days: 401 }')).toContain('1 to 400');
  expect(
    await refusal('window: { from: "2024-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }'),
  ).toContain('at most 400 days');
  expect(await refusal('window: { days: 42 }, interval: HOUR')).toContain('1008 intervals');
  expect(await refusal('timeZone: "Mars/Phobos"')).toContain('time zone');
  for (const zone of ['+02:00', 'IST', 'CST', 'AET', 'US/Pacific-New', 'europe']) {
    expect(await refusal(`timeZone: "${zone}"`)).toContain('is not a time zone');
  }
  expect(
    await refusal('window: { from: "0001-01-01T00:00:00Z", to: "0001-02-01T00:00:00Z" }'),
  ).toContain('must not be before 1970');
  expect(await refusal('interval: DAY', 'durationPercentiles(percents: [101]) { ms }')).toContain(
    '0 to 100',
  );
  const many = Array.from({ length: 21 }, (_, percent) => percent).join(', ');
  expect(
    await refusal('interval: DAY', `durationPercentiles(percents: [${many}]) { ms }`),
  ).toContain('up to 20 numbers');
});

test('results of a test are kept by day, so that hours are refused', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  const { submission } = await ingest.submission(aSubmission());
  await ingest.results({
    submissionId: submission.id,
    results: [{ name: 'adds', status: 'PASSED' }],
  });

  const { errors } = await gateway.graphql(
    '{ testCases { nodes { statistics(interval: HOUR) { total { count } } } } }',
  );

  expect(errors?.[0]?.message).toContain('must be DAY or longer');
});

test.each([
  ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z'],
  ['Atlantic/Azores', '2026-10-25', '2026-10-25T00:00:00.000Z'],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z'],
  ['Asia/Kolkata', '2026-10-25', '2026-10-24T18:30:00.000Z'],
])('a day in %s begins at its first midnight: %s', async (timeZone, day, begin) => {
  const gateway = await startGateway();
  await ingestClient(gateway).build(aBuild({ startedAt: `${day}T12:00:00Z` }));
  await gateway.settleAnalytics();
  const noon = Date.parse(`${day}T12:00:00Z`);
  const window = {
    from: new Date(noon - 2 * 86_400_000).toISOString(),
    to: new Date(noon + 2 * 86_400_000).toISOString(),
  };

  const { intervals } = await buildStatistics(gateway, { window, timeZone });

  expect(intervals.map(({ from }) => from)).toContain(begin);
  expect(intervals.find(({ count }) => count === 1)?.from).toBe(begin);
});
