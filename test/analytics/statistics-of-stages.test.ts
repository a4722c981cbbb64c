import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { aBuild, ingestClient } from '../ingest/ingest-client.ts';
import { startGateway } from '../support/start-gateway.ts';

const startedAt = '2026-06-01T10:00:00Z';
const window = '{ from: "2026-06-01T00:00:00Z", to: "2026-06-02T00:00:00Z" }';

test('stages are counted by job and name, those that took longest first', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  for (const [jobName, status] of [
    ['ci', 'SUCCESS'],
    ['ci', 'FAILURE'],
    ['nightly', 'SKIPPED'],
  ] as const) {
    const id = randomUUID();
    await ingest.build(aBuild({ id, jobName, startedAt }));
    await ingest.stages({
      buildId: id,
      stages: [
        { order: 0, name: 'compile', status: 'SUCCESS', durationMs: 1_000 },
        { order: 1, name: 'test', status, durationMs: 60_000, queueDurationMs: 2_000 },
      ],
    });
  }
  await gateway.settleAnalytics();
  const ask = async (args = '') => {
    const { data, errors } = await gateway.graphql<{ stageStatistics: Stage[] }>(
      `{ stageStatistics(repository: "Acme/widgets", window: ${window}${args}) { jobName name statistics {
        total { count success failure notRun successRate meanDurationMs durationPercentiles(percents: [50]) { ms } }
        intervals { count } } } }`,
    );
    return data?.stageStatistics ?? [JSON.stringify(errors)];
  };

  const stages = await ask();

  expect(stages).toMatchObject([
    {
      jobName: 'ci',
      name: 'test',
      statistics: {
        total: { count: 2, success: 1, failure: 1, successRate: 0.5, meanDurationMs: 60_000 },
      },
    },
    {
      jobName: 'ci',
      name: 'compile',
      statistics: { total: { count: 2 }, intervals: [{ count: 2 }] },
    },
    { jobName: 'nightly', name: 'compile' },
    {
      jobName: 'nightly',
      name: 'test',
      statistics: { total: { notRun: 1, successRate: null, durationPercentiles: [] } },
    },
  ]);
  expect(await ask(', jobName: "nightly", first: 1')).toMatchObject([{ name: 'compile' }]);
  expect(await ask(', name: "test", first: 1')).toMatchObject([{ jobName: 'ci', name: 'test' }]);
});

interface Stage {
  readonly jobName: string;
  readonly name: string;
  readonly statistics: object;
}

test('the critical path goes from the stage that ended last to what it waited for', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  const id = randomUUID();
  const at = (minute: number) => new Date(Date.parse(startedAt) + minute * 60_000).toISOString();
  const stage = (order: number, name: string, from: number, to: number) => ({
    ...{ order, name, status: 'SUCCESS' as const },
    startedAt: at(from),
    completedAt: at(to),
  });
  await ingest.build(aBuild({ id, startedAt }));
  const ask = () =>
    gateway.graphql<{ builds: { nodes: readonly [{ readonly criticalPath: object | null }] } }>(
      `{ builds { nodes { criticalPath { runMs waitMs steps { waitMs startedAt endedAt stage { name } } } } } }`,
    );
  const before = await ask();
  await ingest.stages({
    buildId: id,
    stages: [
      stage(0, 'everything', 1, 20),
      stage(1, 'compile', 1, 5),
      stage(2, 'lint', 1, 9),
      stage(3, 'unit', 6, 10),
      stage(4, 'end to end', 11, 20),
      { order: 5, name: 'unknown', status: 'SUCCESS' },
    ],
  });

  const { data } = await ask();

  expect(before.data?.builds.nodes[0].criticalPath).toBeNull();
  expect(data?.builds.nodes[0].criticalPath).toMatchObject({
    runMs: (4 + 4 + 9) * 60_000,
    waitMs: 3 * 60_000,
    steps: [
      { stage: { name: 'compile' }, waitMs: 60_000, startedAt: '2026-06-01T10:01:00.000Z' },
      { stage: { name: 'unit' }, waitMs: 60_000 },
      { stage: { name: 'end to end' }, waitMs: 60_000, endedAt: '2026-06-01T10:20:00.000Z' },
    ],
  });
});

test('tests have statistics by day, and all tests of a repository by quarter of an hour', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  const { build } = await ingest.build(aBuild({ startedAt }));
  const result = (day: number, status: 'PASSED' | 'FAILED' | 'SKIPPED', attempt: number) => ({
    ...{ name: 'adds', status, attempt, durationUs: 10_000 },
    recordedAt: `2026-06-0${day}T10:00:00Z`,
  });
  await ingest.results({
    buildId: build.databaseId,
    results: [
      result(1, 'PASSED', 1),
      result(1, 'FAILED', 2),
      result(1, 'SKIPPED', 3),
      result(2, 'PASSED', 4),
    ],
  });
  await gateway.settleAnalytics();
  const selection = `{ total { count passed failed skipped passRate meanDurationMs durationPercentiles(percents: [50]) { ms } }
    intervals { from count } change { count } dataAvailableFrom }`;
  const both = '{ from: "2026-06-01T00:00:00Z", to: "2026-06-03T00:00:00Z" }';

  const { data, errors } = await gateway.graphql<Answer>(
    `{ testCases { nodes { statistics(window: ${both}) ${selection} } }
       repositories { nodes { testStatistics(window: ${both}, timeZone: "Asia/Kathmandu") ${selection} } } }`,
  );

  expect(errors).toBeUndefined();
  const total = { count: 4, passed: 2, failed: 1, skipped: 1, meanDurationMs: 10, passRate: 2 / 3 };
  expect(data?.testCases.nodes[0].statistics).toMatchObject({
    total,
    intervals: [{ count: 3 }, { count: 1 }],
    change: { count: null },
    dataAvailableFrom: '2026-06-01T00:00:00.000Z',
  });
  expect(data?.repositories.nodes[0].testStatistics).toMatchObject({
    total,
    intervals: [
      { from: '2026-06-01T00:00:00.000Z', count: 3 },
      { from: '2026-06-01T18:15:00.000Z', count: 1 },
      { from: '2026-06-02T18:15:00.000Z', count: 0 },
    ],
    dataAvailableFrom: '2026-06-01T10:00:00.000Z',
  });
});

interface Answer {
  readonly testCases: { readonly nodes: readonly [{ readonly statistics: object }] };
  readonly repositories: { readonly nodes: readonly [{ readonly testStatistics: object }] };
}
