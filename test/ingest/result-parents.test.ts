import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import {
  aBuild,
  anInvocation,
  aSubmission,
  type IngestClient,
  ingestClient,
  repository,
} from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
});

async function newBuild(said: Parameters<typeof aBuild>[0] = {}): Promise<string> {
  const { build } = await ingest.build(aBuild(said));
  return build.databaseId;
}

async function storedResults(buildId: string) {
  return gateway.db.prisma.testResult.findMany({ where: { buildId } });
}

const result = (name: string) => ({ name, status: 'PASSED' as const });

test('results belong to a submission and to its build', async () => {
  const buildId = await newBuild();
  const { submission } = await ingest.submission(aSubmission({ buildId }));

  await ingest.results({ submissionId: submission.id, results: [result('t')] });

  expect(await storedResults(buildId)).toMatchObject([{ submissionId: submission.databaseId }]);
});

test('results belong to an invocation', async () => {
  const { invocation } = await ingest.invocation(anInvocation({ treeSha: 'd'.repeat(40) }));

  const { accepted } = await ingest.results({
    invocationId: invocation.id,
    results: [result('t')],
  });

  const where = { invocationId: invocation.databaseId };
  const stored = await gateway.db.prisma.testResult.findMany({ where });
  expect(accepted).toBe(1);
  expect(stored).toMatchObject([{ codeState: 'd'.repeat(40), buildId: null }]);
});

test('results belong to all that are named, and take from each what the others do not say', async () => {
  const buildId = await newBuild({ branch: 'main', commitSha: 'b'.repeat(40) });
  const { submission } = await ingest.submission(aSubmission({ commitSha: 'c'.repeat(40) }));
  const { invocation } = await ingest.invocation(anInvocation({ treeSha: 'd'.repeat(40) }));

  await ingest.results({
    buildId,
    submissionId: submission.databaseId,
    invocationId: invocation.databaseId,
    results: [result('t')],
  });

  expect(await storedResults(buildId)).toMatchObject([
    {
      submissionId: submission.databaseId,
      invocationId: invocation.databaseId,
      branch: 'main',
      commitSha: 'c'.repeat(40),
      codeState: 'd'.repeat(40),
      recordedAt: new Date(submission.recordedAt),
    },
  ]);
});

test('results belong to a repository that is named where the build has none', async () => {
  const buildId = await newBuild({ repository: null });
  const results = [result('t')];

  const refusal = await ingest.refusal('recordTestResults', { buildId, results });
  const { accepted } = await ingest.results({ buildId, repository, results });

  expect(refusal.issues).toMatchObject([{ path: ['input', 'repository'] }]);
  expect(accepted).toBe(1);
});

test('results belong to no other repository than their build', async () => {
  const buildId = await newBuild();

  const { issues } = await ingest.refusal('recordTestResults', {
    buildId,
    repository: { owner: 'acme', name: 'gadgets' },
    results: [result('t')],
  });

  expect(issues).toMatchObject([{ path: ['input', 'repository'] }]);
});

test('results belong to something', async () => {
  const { __typename, issues } = await ingest.refusal('recordTestResults', { results: [] });

  expect({ __typename, issues }).toMatchObject({
    __typename: 'ValidationError',
    issues: [{ path: ['input'] }],
  });
});

test('results belong to nothing that is not there, or is a stranger’s', async () => {
  const other = ingestClient(gateway, (await gateway.createOrganization()).key);
  const { build } = await other.build(aBuild());
  const { submission } = await other.submission(aSubmission());
  const { invocation } = await other.invocation(anInvocation());

  const refusals = await Promise.all(
    [
      { buildId: build.databaseId },
      { submissionId: submission.databaseId },
      { invocationId: invocation.databaseId },
      { buildId: '00000000-0000-4000-8000-000000000000' },
      { submissionId: '0'.repeat(24) },
    ].map((parent) => ingest.refusal('recordTestResults', { ...parent, results: [result('t')] })),
  );

  expect(new Set(refusals.map(({ __typename }) => __typename))).toEqual(new Set(['NotFoundError']));
});
