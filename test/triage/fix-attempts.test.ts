import { beforeAll, expect, test } from 'vitest';
import { day } from '../ingest/tests-by-name.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newTriage, type Triage } from './triage-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

interface Answer {
  readonly testCase: { readonly fixAttempt: Readonly<Record<string, string>> | null };
}

async function stateOf({ organizationId, idOf }: Triage, name: string) {
  const where = { organizationId, testCaseId: await idOf(name) };
  return (await gateway.db.prisma.flakyTest.findFirst({ where }))?.state;
}

async function flakyTest() {
  const triage = await newTriage(gateway);
  await triage.run('shaky', 'FAILED', { at: day(1) });
  await triage.run('shaky', 'PASSED', { at: day(2) });
  await gateway.settleAnalytics(() => new Date(day(3)));
  return { triage, testCaseId: await triage.idOf('shaky') };
}

test('a test that is said to be mended waits for proof, until that is taken back', async () => {
  const { triage, testCaseId } = await flakyTest();

  const marked = await triage.decide<Answer>('markFixAttempted', { testCaseId, commitSha: 'c1' });
  await gateway.settleAnalytics(() => new Date(day(3)));
  const waiting = await stateOf(triage, 'shaky');
  const withdrawn = await triage.decide<Answer>('withdrawFixAttempt', { testCaseId });
  await gateway.settleAnalytics(() => new Date(day(3)));

  expect(marked.testCase.fixAttempt).toMatchObject({ commitSha: 'c1', actor: 'test' });
  expect(waiting).toBe('FIX_PENDING');
  expect(withdrawn.testCase.fixAttempt).toBeNull();
  expect(await stateOf(triage, 'shaky')).toBe('FLAKY');
});

test('the same commit again changes nothing, another one begins anew', async () => {
  const { triage, testCaseId } = await flakyTest();
  const mark = async (commitSha: string) =>
    (await triage.decide<Answer>('markFixAttempted', { testCaseId, commitSha })).testCase
      .fixAttempt;

  const first = await mark('c1');
  const again = await mark('c1');
  const other = await mark('c2');

  expect(again).toEqual(first);
  expect(other).toMatchObject({ commitSha: 'c2' });
  expect(String(other?.['attemptedAt']) > String(first?.['attemptedAt'])).toBe(true);
});

test('a fix of no test, or of no commit, is refused', async () => {
  const { triage, testCaseId } = await flakyTest();

  const nowhere = await triage.send('markFixAttempted', {
    testCaseId: 'f'.repeat(24),
    commitSha: 'c1',
  });
  const nothing = await triage.send('markFixAttempted', { testCaseId, commitSha: '' });
  const never = await triage.send('withdrawFixAttempt', { testCaseId });

  expect(nowhere).toMatchObject({ __typename: 'NotFoundError' });
  expect(nothing).toMatchObject({
    issues: [{ path: ['input', 'commitSha'], message: 'must not be empty' }],
  });
  expect(never).toMatchObject({ testCase: { fixAttempt: null } });
});
