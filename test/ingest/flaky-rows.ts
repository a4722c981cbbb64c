import type { Database } from '../../src/db/client.ts';
import { analyse } from '../support/analyse.ts';
import { analyticsEngine } from '../../src/jobs/analytics-engine.ts';

/** Evidence as it is stored once all is taken in, by test and code state. */
export async function storedEvidence(db: Database, organizationId: string) {
  await analyse(analyticsEngine(db, () => new Date()));
  const rows = await db.prisma.flakyEvidence.findMany({
    where: { organizationId },
    include: { testCase: true },
    orderBy: [{ testCase: { name: 'asc' } }, { codeState: 'asc' }],
  });
  return rows.map(({ testCase, codeState, passedCount, failedCount, firstAt, lastAt }) => ({
    test: testCase.name,
    state: codeState,
    passed: passedCount,
    failed: failedCount,
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
  }));
}

/** Tests with evidence as they are stored once all is taken in, by name. */
export async function storedFlakyTests(db: Database, organizationId: string) {
  await analyse(analyticsEngine(db, () => new Date()));
  const rows = await db.prisma.flakyTest.findMany({
    where: { organizationId, evidenceCount: { gt: 0 } },
    include: { testCase: true },
    orderBy: { testCase: { name: 'asc' } },
  });
  return rows.map(({ testCase, evidenceCount, firstEvidenceAt, lastEvidenceAt }) => ({
    test: testCase.name,
    count: evidenceCount,
    firstAt: firstEvidenceAt.toISOString(),
    lastAt: lastEvidenceAt.toISOString(),
  }));
}
