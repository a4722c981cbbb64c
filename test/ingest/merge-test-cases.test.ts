import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { UploadTestReportsDocument } from '../../src/client/index.ts';
import type { TestResultInput } from '../generated/graphql.ts';
import { createKey } from '../identity/key-operations.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { evidenceOf, flakyTestsOf, type Happening } from './flaky-oracle.ts';
import { storedEvidence, storedFlakyTests } from './flaky-rows.ts';
import { identityClient } from './identity-client.ts';
import { aSubmission, ingestClient, repository } from './ingest-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

type Status = TestResultInput['status'];

/** An organization that runs tests known by their names, each result in an upload of its own. */
async function newOrganization() {
  const { organizationId, key } = await gateway.createOrganization();
  const ingest = ingestClient(gateway, key);
  const identity = identityClient(gateway, key);
  let uploads = 0;

  const run = async (name: string, status: Status, { at = day(1), state = 'tree' } = {}) => {
    const upload = `upload ${(uploads += 1)}`;
    const { submission } = await ingest.submission(
      aSubmission({ key: upload, treeSha: state, recordedAt: at }),
    );
    await ingest.results({ submissionId: submission.id, results: [{ name, status }] });
  };
  const idOf = async (name: string) => {
    const where = { organizationId, name };
    const { id } = await gateway.db.prisma.testCase.findFirstOrThrow({ where });
    return id;
  };
  return {
    organizationId,
    key,
    ingest,
    identity,
    run,
    idOf,
    merge: async (from: string, into: string) =>
      identity.merge([await idOf(from)], await idOf(into)),
    unmerge: async (name: string) => identity.unmerge(await idOf(name)),
  };
}

function day(number: number): string {
  return `2026-05-${String(number).padStart(2, '0')}T08:00:00.000Z`;
}

/** Which results each test has, by its name, and when it was first seen. */
async function stored(organizationId: string) {
  const cases = await gateway.db.prisma.testCase.findMany({
    where: { organizationId },
    include: { results: { orderBy: [{ recordedAt: 'asc' }, { id: 'asc' }] } },
    orderBy: { name: 'asc' },
  });
  return cases.map(({ name, firstSeenAt, results }) => ({
    name,
    firstSeenAt: firstSeenAt.toISOString(),
    results: results.map(({ status, recordedAt }) => `${recordedAt.toISOString()} ${status}`),
  }));
}

test('a renamed test keeps its history, and what comes under its old name', async () => {
  const { organizationId, run, merge } = await newOrganization();
  await run('old', 'FAILED', { at: day(1) });
  await run('new', 'PASSED', { at: day(3) });

  const { testCase } = await merge('old', 'new');
  await run('old', 'FAILED', { at: day(2) });

  expect(testCase.firstSeenAt).toBe(day(1));
  expect(await stored(organizationId)).toMatchObject([
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
  const { organizationId, run, merge, unmerge } = await newOrganization();
  await run('old', 'FAILED', { at: day(2) });
  await run('new', 'PASSED', { at: day(3) });
  await merge('old', 'new');
  await run('old', 'PASSED', { at: day(1) });

  const { testCase } = await unmerge('old');

  expect(testCase.firstSeenAt).toBe(day(1));
  expect(await stored(organizationId)).toEqual([
    { name: 'new', firstSeenAt: day(3), results: [`${day(3)} PASSED`] },
    { name: 'old', firstSeenAt: day(1), results: [`${day(1)} PASSED`, `${day(2)} FAILED`] },
  ]);
  expect(await storedEvidence(gateway.db, organizationId)).toMatchObject([{ test: 'old' }]);
  expect(await storedFlakyTests(gateway.db, organizationId)).toMatchObject([{ test: 'old' }]);
});

test('a test that was merged is found by its id, with what it was merged into and what was merged into that', async () => {
  const { key, run, merge, idOf } = await newOrganization();
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
  const { organizationId, ingest, run, merge, unmerge } = await newOrganization();
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
  expect(await stored(organizationId)).toMatchObject([
    { name: 'new', results: [`${day(2)} PASSED`] },
    { name: 'old', results: [`${day(1)} PASSED`] },
  ]);
});

test('merging and unmerging again changes nothing', async () => {
  const { organizationId, run, merge, unmerge } = await newOrganization();
  await run('old', 'FAILED', { at: day(1) });
  await run('new', 'PASSED', { at: day(2) });

  await merge('old', 'new');
  const merged = await stored(organizationId);
  await merge('old', 'new');
  const again = await stored(organizationId);
  await unmerge('old');
  const apart = await stored(organizationId);
  await unmerge('old');

  expect(again).toEqual(merged);
  expect(await stored(organizationId)).toEqual(apart);
});

test('what cannot be merged is refused with the reason, and nothing of the request is done', async () => {
  const { key, ingest, identity, run, idOf, merge } = await newOrganization();
  for (const name of ['a', 'b', 'c', 'd']) await run(name, 'PASSED');
  const { submission } = await ingest.submission(
    aSubmission({ repository: { ...repository, name: 'gadgets' } }),
  );
  await ingest.results({
    submissionId: submission.id,
    results: [{ name: 'elsewhere', status: 'PASSED' }],
  });
  const [a, b, c, d] = [await idOf('a'), await idOf('b'), await idOf('c'), await idOf('d')];
  const other = await newOrganization();
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
  expect((await stored(organizationId)).map(({ name, results }) => [name, results.length])).toEqual(
    [
      ['new', 3],
      ['old', 0],
      ['seed={seed}', 6_000],
    ],
  );
});

interface Step {
  readonly does: 'run' | 'merge' | 'unmerge';
  readonly test: string;
  readonly into: string;
  readonly status: Status;
  readonly state: string;
  readonly at: string;
}

const names = ['a', 'b', 'c', 'd'];
const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom('run', 'run', 'merge', 'merge', 'unmerge'),
  test: fc.constantFrom(...names),
  into: fc.constantFrom(...names),
  status: fc.constantFrom('PASSED', 'FAILED'),
  state: fc.constantFrom('t1', 't2'),
  at: fc.integer({ min: 1, max: 20 }).map(day),
});

/** What must be stored after the steps, worked out at leisure. */
function oracle(steps: readonly Step[]) {
  const merges = new Map<string, string>();
  const chain = (name: string): string[] => {
    const next = merges.get(name);
    return next === undefined ? [name] : [name, ...chain(next)];
  };
  const runs = names.map((test) => ({
    test,
    state: 'start',
    status: 'PASSED' as Status,
    at: day(21),
  }));
  for (const { does, test: name, into, status, state, at } of steps) {
    if (does === 'run') runs.push({ test: name, state, status, at });
    if (does === 'unmerge') merges.delete(name);
    const isFree = !merges.has(name) && !chain(into).includes(name);
    if (does === 'merge' && isFree) merges.set(name, into);
  }
  const happenings: Happening[] = runs.map((each) => ({
    ...each,
    test: chain(each.test).at(-1) ?? '',
  }));
  const rows = names.map((name) => ({
    name,
    results: happenings
      .filter((each) => each.test === name)
      .map(({ at, status }) => `${at} ${status}`)
      .sort(),
  }));
  const seen = names
    .filter((name) => !merges.has(name))
    .map((name) => ({
      name,
      firstSeenAt: happenings
        .filter((each) => each.test === name)
        .map(({ at }) => at)
        .sort()[0],
    }));
  return { happenings, rows, seen, merged: [...merges.keys()] };
}

async function play(steps: readonly Step[]) {
  const organization = await newOrganization();
  const { organizationId, identity, run, idOf } = organization;
  for (const name of names) await run(name, 'PASSED', { at: day(21), state: 'start' });
  for (const { does, test: name, into, status, state, at } of steps) {
    if (does === 'run') await run(name, status, { at, state });
    if (does === 'unmerge') await identity.unmerge(await idOf(name));
    // Whether it may be merged or not: it is refused then.
    const input = { from: [await idOf(name)], into: await idOf(into) };
    if (does === 'merge') await identity.send('mergeTestCases', input);
  }
  return organizationId;
}

async function expectStored(organizationId: string, steps: readonly Step[]) {
  const { happenings, rows, seen, merged } = oracle(steps);
  const found = await stored(organizationId);
  expect(found.map(({ name, results }) => ({ name, results: results.toSorted() }))).toEqual(rows);
  expect(
    found
      .filter(({ name }) => !merged.includes(name))
      .map(({ name, firstSeenAt }) => ({ name, firstSeenAt })),
  ).toEqual(seen);
  expect(await storedEvidence(gateway.db, organizationId)).toEqual(evidenceOf(happenings));
  expect(await storedFlakyTests(gateway.db, organizationId)).toEqual(flakyTestsOf(happenings));
}

test('whatever is merged, unmerged and run, each result counts for the last of those its test was merged into', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      // The oracle counts equal runs once, the gateway each upload: times tell them apart.
      const distinct = steps.map((each, index) => ({
        ...each,
        at: each.at.replace('.000Z', `.${String(index).padStart(3, '0')}Z`),
      }));
      const apart = distinct.flatMap((each) => [
        { ...each, does: 'unmerge' as const },
        { ...each, does: 'unmerge' as const, test: each.into },
      ]);

      await expectStored(await play(distinct), distinct);
      await expectStored(await play([...distinct, ...apart]), [...distinct, ...apart]);
    }),
    { numRuns: 15 },
  );
}, 180_000);

test('merges, unmerges and results at once leave each result with its test', async () => {
  const { organizationId, run, idOf, identity } = await newOrganization();
  for (const name of names) await run(name, 'PASSED', { at: day(1) });
  const ids = new Map(
    await Promise.all(names.map(async (name) => [name, await idOf(name)] as const)),
  );
  const id = (name: string) => ids.get(name) ?? '';

  for (let round = 0; round < 4; round += 1) {
    await Promise.all(
      names.flatMap((name, index) => [
        run(name, 'PASSED', { at: day(2 + round) }),
        run(name, 'FAILED', { at: day(7 + round) }),
        identity.send('mergeTestCases', {
          from: [id(name)],
          into: id(names[(index + 1) % 4] ?? ''),
        }),
        identity.send('unmergeTestCase', { id: id(names[(index + 2) % 4] ?? '') }),
      ]),
    );
  }
  for (const name of names) await identity.unmerge(id(name));

  const found = await stored(organizationId);
  const evidence = await storedEvidence(gateway.db, organizationId);
  expect(found.map(({ results }) => results.length)).toEqual([9, 9, 9, 9]);
  expect(evidence.map(({ test: name, passed, failed }) => [name, passed, failed])).toEqual(
    names.map((name) => [name, 5, 4]),
  );
});
