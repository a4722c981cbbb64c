import { beforeAll, expect, test } from 'vitest';
import { aSubmission } from '../ingest/ingest-client.ts';
import { day } from '../ingest/tests-by-name.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newTriage, type Triage } from './triage-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

interface Answer {
  readonly results: readonly {
    readonly databaseId: string;
    readonly guard: string | null;
    readonly exclusion: Readonly<Record<string, string>> | null;
  }[];
}

async function failuresOf({ organizationId }: Triage): Promise<string[]> {
  const where = { organizationId, status: 'FAILED' } as const;
  return (await gateway.db.prisma.testResult.findMany({ where })).map(({ id }) => id);
}

async function evidenceOf({ organizationId }: Triage): Promise<number> {
  return gateway.db.prisma.flakyEvidence.count({ where: { organizationId } });
}

const settle = () => gateway.settleAnalytics(() => new Date(day(4)));

test('an excluded result is no evidence, until it is included again', async () => {
  const triage = await newTriage(gateway);
  await triage.run('shaky', 'FAILED', { at: day(1) });
  await triage.run('shaky', 'PASSED', { at: day(2) });
  await settle();
  const before = await evidenceOf(triage);
  const resultIds = await failuresOf(triage);

  const excluded = await triage.decide<Answer>('excludeResults', { resultIds, reason: 'no disk' });
  await settle();
  const during = await evidenceOf(triage);
  const included = await triage.decide<Answer>('includeResults', { resultIds });
  await settle();

  expect([before, during, await evidenceOf(triage)]).toEqual([1, 0, 1]);
  expect(excluded.results).toMatchObject([
    { guard: 'EXCLUDED', exclusion: { reason: 'no disk', actor: 'test' } },
  ]);
  expect(included.results).toMatchObject([{ guard: null, exclusion: null }]);
});

test('what is excluded again keeps who said so first, unless the reason is another one', async () => {
  const triage = await newTriage(gateway);
  await triage.run('shaky', 'FAILED', { at: day(1) });
  const resultIds = await failuresOf(triage);
  const exclude = async (reason: string) =>
    (await triage.decide<Answer>('excludeResults', { resultIds, reason })).results[0]?.exclusion;

  const first = await exclude('one');
  const again = await exclude('one');
  const other = await exclude('two');

  expect(again).toEqual(first);
  expect(other).toMatchObject({ reason: 'two' });
});

test('a result of a cancelled build that was excluded is guarded by its build again', async () => {
  const triage = await newTriage(gateway);
  const { build } = await triage.ingest.build({
    jobName: 'ci',
    number: 1,
    status: 'ABORTED',
  });
  const repository = { owner: 'acme', name: 'widgets' };
  const results = [{ name: 'shaky', status: 'FAILED' as const }];
  await triage.ingest.results({ buildId: build.databaseId, repository, results });
  await settle();
  const resultIds = await failuresOf(triage);

  await triage.decide('excludeResults', { resultIds, reason: 'mine' });
  await settle();
  await triage.decide('includeResults', { resultIds });
  await settle();

  const [result] = await gateway.db.prisma.testResult.findMany({
    where: { organizationId: triage.organizationId },
  });
  expect(result?.guard).toBe('CANCELLED_BUILD');
});

test('results that are not there, or too many, are refused', async () => {
  const triage = await newTriage(gateway);
  const other = await newTriage(gateway);
  await other.run('shaky', 'FAILED', { at: day(1) });
  const theirs = await failuresOf(other);

  const stranger = await triage.send('excludeResults', { resultIds: theirs, reason: 'mine' });
  const many = await triage.send('includeResults', {
    resultIds: Array.from({ length: 101 }, () => 'a'.repeat(24)),
  });
  const silent = await other.send('excludeResults', { resultIds: theirs, reason: '' });

  expect(stranger).toMatchObject({ __typename: 'NotFoundError' });
  expect(many).toMatchObject({ issues: [{ path: ['input', 'resultIds'] }] });
  expect(silent).toMatchObject({ issues: [{ path: ['input', 'reason'] }] });
});

test('a result of an outage that was excluded is guarded by the outage again', async () => {
  const triage = await newTriage(gateway);
  const names = Array.from({ length: 12 }, (_, index) => `test ${index}`);
  const upload = async (number: number, status: 'PASSED' | 'FAILED') => {
    const { submission } = await triage.ingest.submission(
      aSubmission({ key: `upload ${number}`, treeSha: `tree ${number}`, recordedAt: day(number) }),
    );
    const results = names.map((name) => ({ suite: 'unit', name, status }));
    await triage.ingest.results({ submissionId: submission.id, results });
  };
  await upload(1, 'PASSED');
  await upload(2, 'PASSED');
  await upload(3, 'FAILED');
  await settle();
  const resultIds = (await failuresOf(triage)).slice(0, 2);
  const guards = async () =>
    gateway.db.prisma.testResult.groupBy({
      by: ['guard'],
      where: { organizationId: triage.organizationId, status: 'FAILED' },
      _count: true,
    });

  const before = await guards();
  await triage.decide('excludeResults', { resultIds, reason: 'mine' });
  await settle();
  await triage.decide('includeResults', { resultIds });
  await settle();

  expect(before).toEqual([{ guard: 'INFRASTRUCTURE_OUTAGE', _count: 12 }]);
  expect(await guards()).toEqual(before);
});
