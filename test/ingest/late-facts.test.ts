import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { RecordTestResultsInput } from '../generated/graphql.ts';
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

const [commitSha, treeSha] = ['c'.repeat(40), 'd'.repeat(40)];

/** Sends a test that fails and passes; gives what is stored of it, and its evidence. */
async function sendFlaky(parent: Partial<RecordTestResultsInput>) {
  const name = `test ${randomUUID()}`;
  const results = (['FAILED', 'PASSED'] as const).map((status) => ({ name, status }));
  await ingest.results({ ...parent, results });
  const find = async () => {
    await gateway.settleAnalytics();
    return gateway.db.prisma.testCase.findFirst({
      where: { organizationId: gateway.organizationId, name },
      include: { results: true, evidence: true, flakyTest: true },
    });
  };
  return find;
}

test('a build that learns its branch, commit and tree tells the results it has', async () => {
  const build = aBuild();
  const { id } = build;
  await ingest.build(build);
  const find = await sendFlaky({ buildId: id });
  const before = await find();

  await ingest.build({ ...build, branch: 'main', commitSha });
  const withCommit = await find();
  await ingest.build({ ...build, treeSha });
  const withTree = await find();

  expect(before).toMatchObject({ evidence: [{ codeState: '' }], flakyTest: { evidenceCount: 1 } });
  expect(before?.results).toMatchObject([{ codeState: null }, { codeState: null }]);
  expect(withCommit?.evidence).toMatchObject([
    { kind: 'IN_RUN_RETRY', codeState: commitSha, passedCount: 1, failedCount: 1 },
  ]);
  expect(withCommit?.flakyTest).toMatchObject({ evidenceCount: 1 });
  const known = { branch: 'main', commitSha, codeState: treeSha };
  expect(withTree?.results).toMatchObject([known, known]);
  expect(withTree?.evidence).toMatchObject([{ codeState: treeSha }]);
  expect(withTree?.flakyTest).toMatchObject({ evidenceCount: 1 });
});

test('a submission that learns its build takes from it what it does not say itself, for its results too', async () => {
  const { build } = await ingest.build(aBuild({ branch: 'main', commitSha, treeSha }));
  const submission = aSubmission({ branch: 'dev' });
  const { submission: stored } = await ingest.submission(submission);
  const find = await sendFlaky({ submissionId: stored.id });

  await ingest.submission({ ...submission, buildId: build.databaseId });

  const known = { branch: 'dev', commitSha, codeState: treeSha, buildId: build.databaseId };
  const found = await find();
  expect(found?.results).toMatchObject([known, known]);
  expect(found?.evidence).toMatchObject([{ codeState: treeSha }]);
});

test('a build tells its submissions and their results what it learns', async () => {
  const build = aBuild();
  await ingest.build(build);
  const submission = aSubmission({ buildId: build.id });
  const { submission: stored } = await ingest.submission(submission);
  const find = await sendFlaky({ submissionId: stored.id });

  const url = 'https://ci.example.org/1';
  await ingest.build({ ...build, url, source: 'jenkins', branch: 'main', treeSha });

  const { submission: again } = await ingest.submission(submission);
  expect(again).toMatchObject({ buildUrl: url, source: 'jenkins', branch: 'main', treeSha });
  expect((await find())?.evidence).toMatchObject([{ codeState: treeSha }]);
});

test('an invocation tells its results what it learns', async () => {
  const invocation = anInvocation();
  const { invocation: stored } = await ingest.invocation(invocation);
  const find = await sendFlaky({ invocationId: stored.id });

  await ingest.invocation({ ...invocation, branch: 'main', commitSha });
  await ingest.invocation({ ...invocation, treeSha });

  const found = await find();
  const known = { branch: 'main', commitSha, codeState: treeSha };
  expect(found?.results).toMatchObject([known, known]);
  expect(found?.evidence).toMatchObject([{ codeState: treeSha }]);
});

test('what results say themselves stays, whatever the build learns', async () => {
  const build = aBuild();
  await ingest.build(build);
  const own = { branch: 'own', commitSha: 'e'.repeat(40), treeSha: 'f'.repeat(40) };
  const find = await sendFlaky({ buildId: build.id, ...own });

  await ingest.build({ ...build, branch: 'main', commitSha, treeSha });

  const known = { branch: 'own', commitSha: own.commitSha, codeState: own.treeSha };
  const found = await find();
  expect(found?.results).toMatchObject([known, known]);
  expect(found?.evidence).toMatchObject([{ codeState: own.treeSha }]);
});

test('evidence on a commit goes when the trees show that the code was not the same', async () => {
  const [first, second] = [aBuild({ commitSha }), aBuild({ commitSha })];
  const name = `test ${randomUUID()}`;
  await ingest.build(first);
  await ingest.build(second);
  await ingest.results({ buildId: first.id, results: [{ name, status: 'PASSED' }] });
  await ingest.results({ buildId: second.id, results: [{ name, status: 'FAILED' }] });
  const find = async () => {
    await gateway.settleAnalytics();
    return gateway.db.prisma.testCase.findFirst({
      where: { organizationId: gateway.organizationId, name },
      include: { evidence: true, flakyTest: true },
    });
  };
  const before = await find();

  await ingest.build({ ...first, treeSha: '1'.repeat(40) });
  const after = await find();
  await ingest.build({ ...second, treeSha: '1'.repeat(40) });
  const again = await find();

  expect(before).toMatchObject({ evidence: [{ codeState: commitSha }], flakyTest: {} });
  expect(after).toMatchObject({ evidence: [], flakyTest: null });
  expect(again).toMatchObject({ evidence: [{ codeState: '1'.repeat(40) }], flakyTest: {} });
});

test('stages learn the repository of their build, and results keep the one they named', async () => {
  const build = aBuild({ repository: null });
  await ingest.build(build);
  await ingest.stages({
    buildId: build.id ?? '',
    stages: [{ order: 0, name: 'compile', status: 'SUCCESS' }],
  });
  const find = await sendFlaky({ buildId: build.id, repository });

  await ingest.build({ ...build, repository, treeSha });

  const [stage] = await gateway.db.prisma.stage.findMany({ where: { buildId: build.id ?? '' } });
  const found = await find();
  expect(stage?.repositoryId).toBe(found?.repositoryId);
  expect(found?.evidence).toMatchObject([{ codeState: treeSha }]);
});
