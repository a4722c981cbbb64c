import { expect, test } from 'vitest';
import { runPass } from '../../src/engine/run-pass.ts';
import { analyticsEngine } from '../../src/jobs/analytics-engine.ts';
import { aSubmission, ingestClient } from '../ingest/ingest-client.ts';
import { startGateway } from '../support/start-gateway.ts';

test('of many passes at once none fails, and each result counts once', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  const { submission } = await ingest.submission(aSubmission());
  const { db, organizationId } = gateway;
  const engine = analyticsEngine(db, () => new Date());
  const numbers = Array.from({ length: 100 }, (_, number) => number);
  const result = { name: 'counts once', status: 'PASSED' as const };
  const record = (durationUs: number) =>
    ingest.results({ submissionId: submission.databaseId, results: [{ ...result, durationUs }] });
  const takeIn = async () => {
    for (let times = 0; times < 10; times += 1) await runPass(engine, organizationId);
  };

  await Promise.all([...numbers.map(record), takeIn(), takeIn(), takeIn(), takeIn()]);
  await gateway.settleAnalytics();

  const days = await db.prisma.testDay.findMany({ where: { organizationId } });
  expect(days.reduce((sum, { passed }) => sum + passed, 0)).toBe(100);
});
