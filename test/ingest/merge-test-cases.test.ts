import { beforeAll, expect, test } from 'vitest';
import { UploadTestReportsDocument } from '../../src/client/index.ts';
import { createKey } from '../identity/key-operations.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { storedEvidence, storedFlakyTests } from './flaky-rows.ts';
import { identityClient } from './identity-client.ts';
import { aSubmission, ingestClient, repository } from './ingest-client.ts';
import { day, newOrganization, stored } from './tests-by-name.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

test('a renamed test keeps its history, and what comes under its old name', async () => {
  const { organizationId, run, merge } = await newOrganization(gateway);
  await run('old', 'FAILED', { at: day(1) });
  await run('new', 'PASSED', { at: day(3) });

  const { testCase } = await merge('old', 'new');
  await run('old', 'FAILED', { at: day(2) });

  expect(testCase.firstSeenAt).toBe(day(1));
  expect(await stored(gateway, organizationId)).toMatchObject([
    {
      name: 'new',
      firstSeenAt: day(1),
      results: [`${day(1)} FAILED`, `${day(2)} FAILED`, `${day(3)} PASSED`],
    },
    { name: 'old', results: [] },
  ]);
  expect(await storedEvidence(gateway.db, organizationId)).toMatchObject([
    { test: 'new', passed: 1, failed: 2 },
  ]);
  expect(await storedFlakyTests(gateway.db, organizationId)).toMatchObject([{ test: 'new' }]);
});

test('unmerging gives back what was before, and what came since', async () => {
  const { organizationId, run, merge, unmerge } = await newOrganization(gateway);
  await run('old', 'FAILED', { at: day(2) });
  await run('new', 'PASSED', { at: day(3) });
  await merge('old', 'new');
  await run('old', 'PASSED', { at: day(1) });

  const { testCase } = await unmerge('old');

  expect(testCase.firstSeenAt).toBe(day(1));
  expect(await stored(gateway, organizationId)).toEqual([
    { name: 'new', firstSeenAt: day(3), results: [`${day(3)} PASSED`] },
    { name: 'old', firstSeenAt: day(1), results: [`${day(1)} PASSED`, `${day(2)} FAILED`] },
  ]);
  expect(await storedEvidence(gateway.db, organizationId)).toMatchObject([{ test: 'old' }]);
  expect(await storedFlakyTests(gateway.db, organizationId)).toMatchObject([{ test: 'old' }]);
});

test('a test that was merged is found by its id, with what it was merged into and what was merged into that', async () => {
  const { key, run, merge, idOf } = await newOrganization(gateway);
  await run('old', 'PASSED');
  await run('older', 'PASSED');
  await run('new', 'PASSED');
  await merge('older', 'new');
  await merge('old', 'new');

  const answer = await gateway.graphql(
    `query($id: ID!) { node(id: $id) { ... on TestCase { name results { totalCount }
      mergedInto { testCase { name mergedFrom { totalCount nodes { alias { name } } } } } } }
      testCases(orderBy: { field: NAME, direction: ASC }) { totalCount nodes { name mergedInto { testCase { name } } } } }`,
    { id: Buffer.from(`TestCase:${await idOf('old')}`).toString('base64') },
    key,
  );

  const merged = [{ alias: { name: 'old' } }, { alias: { name: 'older' } }];
  const into = { testCase: { name: 'new' } };
  expect(answer).toEqual({
    data: {
      node: {
        name: 'old',
        results: { totalCount: 0 },
        mergedInto: { testCase: { name: 'new', mergedFrom: { totalCount: 2, nodes: merged } } },
      },
      testCases: {
        totalCount: 3,
        nodes: [
          { name: 'new', mergedInto: null },
          { name: 'old', mergedInto: into },
          { name: 'older', mergedInto: into },
        ],
      },
    },
  });
});

test('a report that is sent again meets its rows, merged or not', async () => {
  const { organizationId, ingest, run, merge, unmerge } = await newOrganization(gateway);
  const { submission } = await ingest.submission(aSubmission({ recordedAt: day(1) }));
  const report = {
    submissionId: submission.id,
    results: [{ name: 'old', status: 'PASSED' as const }],
  };
  await ingest.results(report);
  await run('new', 'PASSED', { at: day(2) });

  await merge('old', 'new');
  const merged = await ingest.results(report);
  await unmerge('old');
  const apart = await ingest.results(report);

  expect([merged, apart]).toMatchObject([{ duplicates: 1 }, { duplicates: 1 }]);
  expect(await stored(gateway, organizationId)).toMatchObject([
    { name: 'new', results: [`${day(2)} PASSED`] },
    { name: 'old', results: [`${day(1)} PASSED`] },
  ]);
});

test('merging and unmerging again changes nothing', async () => {
  const { organizationId, run, merge, unmerge } = await newOrganization(gateway);
  await run('old', 'FAILED', { at: day(1) });
  await run('new', 'PASSED', { at: day(2) });

  await merge('old', 'new');
  const merged = await stored(gateway, organizationId);
  await merge('old', 'new');
  const again = await stored(gateway, organizationId);
  await unmerge('old');
  const apart = await stored(gateway, organizationId);
  await unmerge('old');

  expect(again).toEqual(merged);
  expect(await stored(gateway, organizationId)).toEqual(apart);
});

test('what cannot be merged is refused with the reason, and nothing of the request is done', async () => {
  const { key, ingest, identity, run, idOf, merge } = await newOrganization(gateway);
  for (const name of ['a', 'b', 'c', 'd']) await run(name, 'PASSED');
  const { submission } = await ingest.submission(
    aSubmission({ repository: { ...repository, name: 'gadgets' } }),
  );
  await ingest.results({
    submissionId: submission.id,
    results: [{ name: 'elsewhere', status: 'PASSED' }],
  });
  const [a, b, c, d] = [await idOf('a'), await idOf('b'), await idOf('c'), await idOf('d')];
  const other = await newOrganization(gateway);
  await other.run('foreign', 'PASSED');
  const foreign = await other.idOf('foreign');
  await merge('a', 'b');
  await merge('b', 'c');
  const { secret } = await createKey(gateway, key, 'READ', 'INGEST', 'ADMIN');

  const refusals = await Promise.all([
    identity.send('mergeTestCases', { from: [d, c], into: a }),
    identity.send('mergeTestCases', { from: [d, a], into: d }),
    identity.send('mergeTestCases', { from: [a], into: d }),
    identity.send('mergeTestCases', { from: [d, await idOf('elsewhere')], into: c }),
    identity.send('mergeTestCases', { from: [d, foreign], into: c }),
    identity.send('mergeTestCases', { from: [d], into: 'f'.repeat(24) }),
    identity.send('mergeTestCases', { from: [], into: d }),
    identity.send('mergeTestCases', { from: ['?'], into: d }),
    identity.send('unmergeTestCase', { id: foreign }),
    identityClient(gateway, secret).send('mergeTestCases', { from: [d], into: c }),
    identityClient(gateway, secret).send('unmergeTestCase', { id: a }),
  ]);

  expect(refusals).toMatchObject([
    {
      __typename: 'ConflictError',
      message: `test case ${a} is merged into ${c}: unmerge it first`,
    },
    { __typename: 'ValidationError', issues: [{ path: ['input', 'from', '0'] }] },
    {
      __typename: 'ConflictError',
      message: `test case ${a} is merged into ${b}: unmerge it first`,
    },
    { __typename: 'ValidationError', issues: [{ path: ['input', 'from', '1'] }] },
    { __typename: 'NotFoundError', message: `there is no test case ${foreign}` },
    { __typename: 'NotFoundError' },
    { __typename: 'ValidationError', issues: [{ path: ['input', 'from'] }] },
    { __typename: 'ValidationError', issues: [{ path: ['input', 'from', '0'] }] },
    { __typename: 'NotFoundError', message: `there is no test case ${foreign}` },
    { __typename: 'ForbiddenError' },
    { __typename: 'ForbiddenError' },
  ]);
  const where = { aliasId: { in: [c, d] } };
  expect(await gateway.db.prisma.testCaseAlias.count({ where })).toBe(0);
});

test('results of an upload too large for memory go where their tests were merged', async () => {
  const ingest = ingestClient(gateway);
  const identity = identityClient(gateway);
  const { submission } = await ingest.submission(aSubmission());
  const sent = ['old', 'new'].map((name) => ({ suite: 'unit', name, status: 'PASSED' as const }));
  await ingest.results({ submissionId: submission.id, results: sent });
  const { organizationId } = gateway;
  const [renamed, old] = await gateway.db.prisma.testCase.findMany({
    where: { organizationId },
    orderBy: { name: 'asc' },
  });
  await identity.merge([old?.id ?? ''], renamed?.id ?? '');
  await identity.fold(old?.repositoryId ?? '', ['SEEDS']);
  const cases = Array.from({ length: 6_000 }, (_, index) => `<testcase name="seed=${index}"/>`);
  const report = `<testsuite name="unit"><testcase name="old"><failure/></testcase>${cases.join('')}</testsuite>`;
  const input = { repository, treeSha: 'tree' };
  const files = [new File([report], 'large.xml')];

  const first = await gateway.query(UploadTestReportsDocument, { input, files });
  const again = await gateway.query(UploadTestReportsDocument, { input, files });

  expect(first.uploadTestReports).toMatchObject({ accepted: 6_001, duplicates: 0 });
  expect(again.uploadTestReports).toMatchObject({ accepted: 0, duplicates: 6_001 });
  expect(
    (await stored(gateway, organizationId)).map(({ name, results }) => [name, results.length]),
  ).toEqual([
    ['new', 3],
    ['old', 0],
    ['seed={seed}', 6_000],
  ]);
});
