import { expect, test } from 'vitest';
import { waitingOrganizations } from '../../src/engine/waiting-organizations.ts';
import { rebuildAnalytics } from '../../src/engine/rebuild-analytics.ts';
import { runPass } from '../../src/engine/run-pass.ts';
import { analyticsEngine } from '../../src/jobs/analytics-engine.ts';
import { runAnalytics } from '../../src/jobs/run-analytics.ts';
import { createLog } from '../../src/log.ts';
import { aBuild, aSubmission, ingestClient } from '../ingest/ingest-client.ts';
import { day, newOrganization } from '../ingest/tests-by-name.ts';
import { startGateway } from '../support/start-gateway.ts';

const numbers = Array.from({ length: 100 }, (_, number) => number);

test('of many passes at once none fails, and each result counts once', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  const { submission } = await ingest.submission(aSubmission());
  const { db, organizationId } = gateway;
  const engine = analyticsEngine(db, () => new Date());
  const result = { name: 'counts once', status: 'PASSED' as const };
  const record = (durationUs: number) =>
    ingest.results({ submissionId: submission.databaseId, results: [{ ...result, durationUs }] });
  const takeIn = async () => {
    for (let times = 0; times < 10; times += 1) await runPass(engine, organizationId);
  };

  await Promise.all([
    ...numbers.map(record),
    ...[takeIn(), takeIn(), takeIn(), takeIn()],
    rebuildAnalytics(engine, organizationId, () => undefined),
  ]);
  await gateway.settleAnalytics();

  const days = await db.prisma.testDay.findMany({ where: { organizationId } });
  expect(days.reduce((sum, { passed }) => sum + passed, 0)).toBe(100);
});

test('an organization whose passes fail holds up no other, and is named in the log', async () => {
  const gateway = await startGateway();
  const { db, config, organizationId: poisoned } = gateway;
  const lines: string[] = [];
  const others = await Promise.all([newOrganization(gateway), newOrganization(gateway)]);
  for (const { run } of others) await run('t', 'PASSED');
  // Of a test that is not there: nothing that comes through a door leaves such an event.
  await db.pool.query(
    `INSERT INTO analytics_events (organization_id, kind, repository_id, submission_id, test_case_ids, recorded_ats, statuses, durations_us)
     VALUES ($1, 'RESULTS', gen_random_uuid(), 'upload', '{ffffffffffffffffffffffff}', '{now()}', '{PASSED}', '{1}')`,
    [poisoned],
  );
  const engine = analyticsEngine(db, () => new Date());
  const log = createLog(config, { write: (line) => lines.push(line) });

  const analytics = runAnalytics(engine, log);
  await expect.poll(() => waitingOrganizations(engine)).toEqual([poisoned]);
  for (const { run } of others) await run('t', 'FAILED');
  await expect.poll(() => waitingOrganizations(engine)).toEqual([poisoned]);
  await analytics.stop();

  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ organizationId: poisoned }),
  ]);
});

test('run times of any length add up', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  const { organizationId } = gateway;
  const durationUs = Number.MAX_SAFE_INTEGER;
  const { build } = await ingest.build(aBuild({ durationMs: durationUs, startedAt: day(1) }));
  await ingest.stages({
    buildId: build.databaseId,
    stages: Array.from({ length: 1_200 }, (_, order) => ({
      ...{ order, name: 'long', status: 'SUCCESS' as const, durationMs: durationUs },
    })),
  });

  await ingest.results({
    buildId: build.databaseId,
    results: Array.from({ length: 1_200 }, (_, index) => ({
      ...{ name: 'long', status: 'PASSED' as const, attempt: index + 1, durationUs },
    })),
  });
  await gateway.settleAnalytics();

  const [total] = await gateway.db.prisma.testDay.findMany({ where: { organizationId } });
  expect(total).toMatchObject({ passed: 1_200, durationUs: 1_200n * 35n * 86_400_000_000n });
});

test('what was counted of results that are gone since stays, whatever is worked out anew', async () => {
  const gateway = await startGateway();
  const { organizationId, run } = await newOrganization(gateway);
  const { pool, prisma } = gateway.db;
  for (const at of [day(1), day(20)]) {
    await run('t', 'FAILED', { at, state: at });
    await run('t', 'PASSED', { at, state: at });
  }
  await gateway.settleAnalytics();
  const counts = async () => [
    await prisma.testDay.count({ where: { organizationId } }),
    await prisma.resultQuarter.count({ where: { organizationId } }),
    await prisma.flakyEvidence.count({ where: { organizationId } }),
  ];
  const before = await counts();

  await pool.query('DELETE FROM test_results WHERE organization_id = $1 AND recorded_at < $2', [
    ...[organizationId, day(10)],
  ]);
  await rebuildAnalytics(
    analyticsEngine(gateway.db, () => new Date()),
    organizationId,
    () => undefined,
  );

  expect([before, await counts()]).toEqual([
    [2, 2, 2],
    [2, 2, 2],
  ]);
});
