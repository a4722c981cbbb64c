import { beforeAll, expect, test } from 'vitest';
import type { TestResultInput } from '../generated/graphql.ts';
import { createKey } from '../identity/key-operations.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { identityClient } from './identity-client.ts';
import { aSubmission, ingestClient } from './ingest-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const uuids = ['550e8400-e29b-41d4-a716-446655440000', '6ba7b810-9dad-41d1-80b4-00c04fd430c8'];

async function newOrganization() {
  const { organizationId, key } = await gateway.createOrganization();
  const ingest = ingestClient(gateway, key);
  const { submission } = await ingest.submission(aSubmission({ treeSha: 'tree' }));
  const { id: repositoryId } = await gateway.db.prisma.repository.findFirstOrThrow({
    where: { organizationId },
  });
  const names = async () => {
    const cases = await gateway.db.prisma.testCase.findMany({
      where: { organizationId },
      include: { _count: { select: { results: true } } },
      orderBy: [{ name: 'asc' }, { file: 'asc' }],
    });
    return cases.map(({ suite, className, name, file, _count }) => ({
      name: [suite, className, name, file].filter((part) => part !== '').join(' '),
      results: _count.results,
    }));
  };
  return {
    organizationId,
    key,
    repositoryId,
    identity: identityClient(gateway, key),
    names,
    send: (results: readonly TestResultInput[]) =>
      ingest.results({ submissionId: submission.id, results: [...results] }),
  };
}

const named = (name: string, said: Partial<TestResultInput> = {}): TestResultInput => ({
  name,
  status: 'PASSED',
  ...said,
});

test('a path is one path however it is written', async () => {
  const { send, names } = await newOrganization();

  const { accepted } = await send([
    named('t', { file: './src/a.ts', durationUs: 1 }),
    named('t', { file: String.raw`src\a.ts`, durationUs: 2 }),
    named('t', { file: 'src//./a.ts', durationUs: 3 }),
    named('t', { file: '../src/a.ts', durationUs: 4 }),
  ]);

  expect(accepted).toBe(4);
  expect(await names()).toEqual([
    { name: 't ../src/a.ts', results: 1 },
    { name: 't src/a.ts', results: 3 },
  ]);
});

test('names are as they are sent until a repository has rules', async () => {
  const { send, names, identity, repositoryId } = await newOrganization();
  const results = uuids.map((uuid) => named(`user ${uuid} logs in`));

  await send(results);
  const before = await names();
  const { repository } = await identity.fold(repositoryId, ['UUIDS', 'PORTS', 'UUIDS']);
  await send(uuids.map((uuid) => named(`user ${uuid} logs out`, { suite: 'on localhost:8080' })));

  expect(before).toHaveLength(2);
  expect(repository.nameFolding).toEqual(['PORTS', 'UUIDS']);
  expect(await names()).toEqual([
    ...before,
    { name: 'on localhost:{port} user {uuid} logs out', results: 2 },
  ]);
});

test('runs of one test whose name changes are evidence of its flakiness once it folds', async () => {
  const { organizationId, send, identity, repositoryId } = await newOrganization();
  await identity.fold(repositoryId, ['SEEDS']);

  await send([named('sorts [seed: 1]'), named('sorts [seed: 2]', { status: 'FAILED' })]);

  await gateway.settleAnalytics();
  const where = { organizationId };
  const evidence = await gateway.db.prisma.flakyEvidence.findMany({
    where,
    include: { testCase: true },
  });
  expect(evidence).toMatchObject([
    { passedCount: 1, failedCount: 1, testCase: { name: 'sorts [seed: {seed}]' } },
  ]);
});

test('a report that is sent again after the rules changed meets its rows, and leaves no test without results', async () => {
  const { send, names, identity, repositoryId } = await newOrganization();
  const results = uuids.map((uuid) => named(`user ${uuid}`));
  await send(results);
  const before = await names();

  await identity.fold(repositoryId, ['UUIDS']);
  const folded = await send(results);
  const afterFolding = await names();
  const more = await send([...results, named(`user ${uuids[0]}`)]);
  await identity.fold(repositoryId, []);
  const unfolded = await send([...results, named(`user ${uuids[0]}`)]);

  expect(folded).toMatchObject({ accepted: 0, duplicates: 2 });
  expect(more).toMatchObject({ accepted: 1, duplicates: 2 });
  expect(unfolded).toMatchObject({ accepted: 0, duplicates: 3 });
  expect(afterFolding).toEqual(before);
  expect(await names()).toEqual([...before, { name: 'user {uuid}', results: 1 }]);
});

test('what was stored before the rules counts for the folded test once it is merged into it', async () => {
  const { organizationId, send, names, identity, repositoryId } = await newOrganization();
  await send([named(`user ${uuids[0]}`)]);
  await identity.fold(repositoryId, ['UUIDS']);
  await send([named(`user ${uuids[1]}`)]);
  const [old, folded] = await gateway.db.prisma.testCase.findMany({
    where: { organizationId },
    orderBy: { name: 'asc' },
  });

  await identity.merge([old?.id ?? ''], folded?.id ?? '');

  expect(await names()).toEqual([
    { name: `user ${uuids[0]}`, results: 0 },
    { name: 'user {uuid}', results: 2 },
  ]);
});

test('rules are set with MANAGE, for a repository that is there', async () => {
  const { key, repositoryId } = await newOrganization();
  const { secret } = await createKey(gateway, key, 'READ', 'INGEST', 'ADMIN');
  const stranger = identityClient(gateway, (await gateway.createOrganization()).key);
  const input = { repositoryId, rules: ['UUIDS'] };

  const refusals = [
    await identityClient(gateway, secret).send('setNameFolding', input),
    await stranger.send('setNameFolding', input),
    await stranger.send('setNameFolding', { ...input, repositoryId: 'x' }),
  ];

  expect(refusals).toMatchObject([
    { __typename: 'ForbiddenError' },
    { __typename: 'NotFoundError', message: `there is no repository ${repositoryId}` },
    { __typename: 'ValidationError', issues: [{ path: ['input', 'repositoryId'] }] },
  ]);
});

const preview = `query($id: ID!, $rules: [NameFoldingRule!]!, $first: Int) {
  nameFoldingPreview(repositoryId: $id, rules: $rules, first: $first) {
    groupCount scannedCount isComplete
    groups { suite className name file variant testCaseCount examples { name } } } }`;

test('a preview says which tests would be one, the most first, and stores nothing', async () => {
  const { key, send, names, repositoryId } = await newOrganization();
  await send([
    ...[1, 2, 3, 4, 5, 6].map((seed) => named(`sorts seed=${seed}`, { suite: 'at 2026-03-02' })),
    ...uuids.map((uuid) => named(`user ${uuid}`, { className: 'Users', file: 'a.ts' })),
    named('user {uuid}', { className: 'Users', file: 'a.ts' }),
    named('port of localhost:8080'),
    named('plain'),
  ]);
  const before = await names();

  const rules = ['SEEDS', 'UUIDS', 'PORTS', 'DATES'];
  const { data } = await gateway.graphql(preview, { id: repositoryId, rules, first: 2 }, key);

  expect(data).toMatchObject({
    nameFoldingPreview: {
      groupCount: 3,
      scannedCount: 11,
      isComplete: true,
      groups: [
        { suite: 'at {date}', name: 'sorts seed={seed}', testCaseCount: 6 },
        { className: 'Users', name: 'user {uuid}', file: 'a.ts', variant: '', testCaseCount: 3 },
      ],
    },
  });
  expect(JSON.stringify(data).match(/"sorts seed=\d"/g)).toHaveLength(5);
  expect(await names()).toEqual(before);
});

test('a preview looks at 20,000 test cases at most, those first seen last, and says so', async () => {
  const { organizationId, key, repositoryId } = await newOrganization();
  await gateway.db.pool.query(
    `INSERT INTO test_cases (organization_id, id, repository_id, suite, class_name, name, file, variant, first_seen_at)
     SELECT $1, left(md5(i::text), 24), $2, '', '', CASE WHEN i < 20000 THEN 'sorts seed=' ELSE 'old seed=' END || i, '', '',
       now() - i * interval '1 second' FROM generate_series(0, 20000) i`,
    [organizationId, repositoryId],
  );
  const before = gateway.statements().length;

  const { data } = await gateway.graphql(preview, { id: repositoryId, rules: ['SEEDS'] }, key);

  expect(data).toMatchObject({
    nameFoldingPreview: {
      groupCount: 1,
      scannedCount: 20_000,
      isComplete: false,
      groups: [{ name: 'sorts seed={seed}', testCaseCount: 20_000 }],
    },
  });
  expect(gateway.statements().length - before).toBeLessThan(30);
});

test('a preview of a repository that is not there finds nothing, and a bad page size is refused', async () => {
  const { repositoryId } = await newOrganization();
  const { key } = await gateway.createOrganization();

  const foreign = await gateway.graphql(preview, { id: repositoryId, rules: ['SEEDS'] }, key);
  const { errors } = await gateway.graphql(
    preview,
    { id: repositoryId, rules: ['SEEDS'], first: 101 },
    key,
  );

  expect(foreign.data).toEqual({
    nameFoldingPreview: { groupCount: 0, scannedCount: 0, isComplete: true, groups: [] },
  });
  expect(errors).toMatchObject([{ message: 'first: must be from 0 to 100, not 101' }]);
});
