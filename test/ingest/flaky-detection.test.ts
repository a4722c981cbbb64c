import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { TestResultInput } from '../generated/graphql.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aSubmission, ingestClient, repository } from './ingest-client.ts';
import { evidenceOf, flakyTestsOf, type Happening } from './flaky-oracle.ts';
import { storedEvidence, storedFlakyTests } from './flaky-rows.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

type Status = TestResultInput['status'];

/** An organization that sends what happened, each result in an upload of its own. */
async function newOrganization() {
  const { organizationId, key } = await gateway.createOrganization();
  const ingest = ingestClient(gateway, key);

  const send = async ({ test: name, state, status, at }: Happening, repeated = '') => {
    const { submission } = await ingest.submission(
      aSubmission({
        key: `${name} ${state} ${status} ${at} ${repeated}`,
        treeSha: state,
        recordedAt: at,
      }),
    );
    const results = [{ suite: 'auth', className: 'AuthTest', name, status, attempt: 1 }];
    await ingest.results({ submissionId: submission.id, results });
  };
  return { organizationId, key, ingest, send };
}

/** The worked example of buildpulse.md section 6: tree, outcome and time of each result. */
const workedExample: readonly Happening[] = (
  [
    ['t1', 'FAILED', '2026-05-10T08:00:00.000Z'],
    ['t1', 'PASSED', '2026-05-10T08:20:00.000Z'],
    ['t2', 'PASSED', '2026-05-12T09:00:00.000Z'],
    ['t3', 'FAILED', '2026-05-14T10:00:00.000Z'],
    ['t3', 'PASSED', '2026-05-14T10:30:00.000Z'],
    ['t4', 'FAILED', '2026-05-15T11:00:00.000Z'],
    ['t5', 'PASSED', '2026-05-16T14:30:00.000Z'],
    ['t5', 'FAILED', '2026-05-17T10:00:00.000Z'],
  ] as const
).map(([state, status, at]) => ({ test: 'test_login', state, status, at }));

const workedEvidence = [
  ['t1', workedExample[0]?.at, workedExample[1]?.at],
  ['t3', workedExample[3]?.at, workedExample[4]?.at],
  ['t5', workedExample[6]?.at, workedExample[7]?.at],
].map(([state, firstAt, lastAt]) => ({
  test: 'test_login',
  state,
  passed: 1,
  failed: 1,
  firstAt,
  lastAt,
}));

test.each([
  ['in order', workedExample],
  ['in reverse', workedExample.toReversed()],
  ['twice', [...workedExample, ...workedExample]],
])(
  'the worked example sent %s is evidence on t1, t3 and t5, and not on t4',
  async (_, happenings) => {
    const { organizationId, send } = await newOrganization();

    for (const happening of happenings) await send(happening);

    expect(await storedEvidence(gateway.db, organizationId)).toEqual(workedEvidence);
    expect(await storedFlakyTests(gateway.db, organizationId)).toEqual([
      {
        test: 'test_login',
        count: 3,
        firstAt: '2026-05-10T08:00:00.000Z',
        lastAt: '2026-05-17T10:00:00.000Z',
      },
    ]);
  },
);

test('a flaky test is listed with its evidence', async () => {
  const { key, send } = await newOrganization();
  for (const happening of workedExample) await send(happening);
  await gateway.settleAnalytics(() => new Date('2026-05-17T12:00:00Z'));

  const answer = await gateway.graphql(
    `{ flakyTests(first: 5) { edges { node {
      state evidenceCount testCase { name } evidence(first: 5) { edges { node { codeState } } }
    } } } }`,
    {},
    key,
  );

  const states = ['t5', 't3', 't1'].map((codeState) => ({ node: { codeState } }));
  expect(answer).toEqual({
    data: {
      flakyTests: {
        edges: [
          {
            node: {
              state: 'FLAKY',
              evidenceCount: 3,
              testCase: { name: 'test_login' },
              evidence: { edges: states },
            },
          },
        ],
      },
    },
  });
});

test('a retry inside one upload is evidence', async () => {
  const { organizationId, ingest } = await newOrganization();
  const { submission } = await ingest.submission(aSubmission({ treeSha: 'tree' }));

  await ingest.results({
    submissionId: submission.id,
    results: (['FAILED', 'PASSED'] satisfies Status[]).map((status) => ({
      name: 'retried',
      status,
    })),
  });

  expect(await storedEvidence(gateway.db, organizationId)).toMatchObject([
    { test: 'retried', state: 'tree' },
  ]);
});

test.each([
  ['skipped and failed', ['SKIPPED', 'FAILED']],
  ['skipped and passed', ['SKIPPED', 'PASSED']],
  ['unknown and failed', ['OTHER', 'FAILED']],
  ['failed and broken', ['FAILED', 'ERRORED']],
] satisfies [string, Status[]][])('%s is no evidence', async (_, statuses) => {
  const { organizationId, send } = await newOrganization();

  for (const status of statuses) {
    await send({ test: 't', state: 'tree', status, at: '2026-05-10T08:00:00.000Z' });
  }

  expect(await storedEvidence(gateway.db, organizationId)).toEqual([]);
  expect(await storedFlakyTests(gateway.db, organizationId)).toEqual([]);
});

test('results of code that nobody named are evidence within one upload, and not across two', async () => {
  const { organizationId, ingest } = await newOrganization();
  const upload = async (name: string, statuses: readonly Status[]) => {
    const { submission } = await ingest.submission(aSubmission());
    const results = statuses.map((status) => ({ name, status }));
    await ingest.results({ submissionId: submission.id, results });
  };

  await upload('retried', ['FAILED', 'PASSED']);
  await upload('run twice', ['FAILED']);
  await upload('run twice', ['PASSED']);

  expect(await storedEvidence(gateway.db, organizationId)).toMatchObject([
    { test: 'retried', state: '' },
  ]);
});

test('equal trees are equal code whatever the commit, and a commit counts where there is no tree', async () => {
  const { organizationId, ingest } = await newOrganization();
  const record = async (
    name: string,
    status: Status,
    code: { commitSha: string; treeSha?: string },
  ) => {
    const { submission } = await ingest.submission(aSubmission({ repository, ...code }));
    await ingest.results({ submissionId: submission.id, results: [{ name, status }] });
  };

  await record('same tree', 'PASSED', { commitSha: 'c1', treeSha: 't1' });
  await record('same tree', 'FAILED', { commitSha: 'c2', treeSha: 't1' });
  await record('same commit', 'PASSED', { commitSha: 'c3' });
  await record('same commit', 'FAILED', { commitSha: 'c3' });
  await record('other tree', 'PASSED', { commitSha: 'c4', treeSha: 't4' });
  await record('other tree', 'FAILED', { commitSha: 'c4', treeSha: 't5' });

  expect(await storedEvidence(gateway.db, organizationId)).toMatchObject([
    { test: 'same commit', state: 'c3' },
    { test: 'same tree', state: 't1' },
  ]);
});

test('a test that passes and fails on one tree at once is evidence, every time', async () => {
  const { organizationId, send } = await newOrganization();
  const states = Array.from({ length: 25 }, (_, index) => `tree ${index}`);
  const at = '2026-05-10T08:00:00.000Z';

  await Promise.all(
    states.flatMap((state) =>
      (['PASSED', 'FAILED'] as const).map((status) => send({ test: 't', state, status, at })),
    ),
  );

  expect(await storedEvidence(gateway.db, organizationId)).toHaveLength(25);
  expect(await storedFlakyTests(gateway.db, organizationId)).toMatchObject([
    { test: 't', count: 25 },
  ]);
});

const happening: fc.Arbitrary<Happening> = fc.record({
  test: fc.constantFrom('a', 'b', 'c'),
  state: fc.constantFrom('t1', 't2', 't3'),
  status: fc.constantFrom('PASSED', 'FAILED', 'ERRORED', 'SKIPPED', 'OTHER'),
  at: fc.integer({ min: 0, max: 100 }).map((day) => new Date(Date.UTC(2026, 2, day)).toISOString()),
});

test('evidence is what a naive count of all results says, sent in any order, repeated and at once', async () => {
  const histories = fc.array(happening, { minLength: 1, maxLength: 14 }).chain((all) =>
    fc.record({
      all: fc.constant(all),
      sent: fc
        .subarray(all)
        .chain((again) =>
          fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }),
        ),
      atOnce: fc.integer({ min: 1, max: 14 }),
    }),
  );

  await fc.assert(
    fc.asyncProperty(histories, async ({ all, sent, atOnce }) => {
      const { organizationId, send } = await newOrganization();

      for (let start = 0; start < sent.length; start += atOnce) {
        await Promise.all(sent.slice(start, start + atOnce).map((each) => send(each)));
      }

      expect(await storedEvidence(gateway.db, organizationId)).toEqual(evidenceOf(all));
      expect(await storedFlakyTests(gateway.db, organizationId)).toEqual(flakyTestsOf(all));
    }),
    { numRuns: 20 },
  );
});
