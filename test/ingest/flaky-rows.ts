import type { Database } from '../../src/db/client.ts';

/** Evidence as it is stored, by test and code state. */
export async function storedEvidence({ prisma }: Database, organizationId: string) {
  const rows = await prisma.flakyEvidence.findMany({
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

/** Flaky tests as they are stored, by name. */
export async function storedFlakyTests({ prisma }: Database, organizationId: string) {
  const rows = await prisma.flakyTest.findMany({
    where: { organizationId },
    include: { testCase: true },
    orderBy: { testCase: { name: 'asc' } },
  });
  return rows.map(({ testCase, state, evidenceCount, firstEvidenceAt, lastEvidenceAt }) => ({
    test: testCase.name,
    state,
    count: evidenceCount,
    firstAt: firstEvidenceAt.toISOString(),
    lastAt: lastEvidenceAt.toISOString(),
  }));
}
