import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { TestResultInput } from '../generated/graphql.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { storedEvidence, storedFlakyTests } from './flaky-rows.ts';
import { aBuild, anInvocation, aSubmission, ingestClient } from './ingest-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const [commitSha, treeSha] = ['c'.repeat(40), 'd'.repeat(40)];
const startedAt = '2026-05-10T08:00:00.000Z';

/** One message to an organization with a build, a submission and an invocation of one code. */
interface Message {
  readonly to: 'build' | 'submission' | 'invocation';
  readonly says: readonly ('branch' | 'commitSha' | 'treeSha')[];
  /** The submission names its build. */
  readonly isLinked: boolean;
}

interface Sent {
  readonly to: readonly ('build' | 'submission' | 'invocation')[];
  readonly test: 'one' | 'two';
  readonly status: TestResultInput['status'];
  readonly attempt?: number;
}

const message: fc.Arbitrary<Message> = fc.record({
  to: fc.constantFrom('build', 'submission', 'invocation'),
  says: fc.subarray(['branch', 'commitSha', 'treeSha']),
  isLinked: fc.boolean(),
});
const sent: fc.Arbitrary<Sent> = fc.record({
  to: fc.subarray(['build', 'submission', 'invocation'], { minLength: 1 }),
  test: fc.constantFrom('one', 'two'),
  status: fc.constantFrom('PASSED', 'FAILED', 'SKIPPED'),
});
const truth = { branch: 'main', commitSha, treeSha };

/** An organization whose build, submission and invocation are known, and nothing of their code. */
async function newOrganization() {
  const { organizationId, key } = await gateway.createOrganization();
  const client = ingestClient(gateway, key);
  const ids = { build: randomUUID(), invocation: randomUUID() };
  const submissionKey = 'upload';
  await client.build(aBuild({ id: ids.build, startedAt }));
  const { submission } = await client.submission(
    aSubmission({ key: submissionKey, recordedAt: startedAt }),
  );
  await client.invocation(anInvocation({ id: ids.invocation, startedAt }));

  const tell = async ({ to, says, isLinked }: Message) => {
    const facts = Object.fromEntries(says.map((fact) => [fact, truth[fact]]));
    if (to === 'build') await client.build(aBuild({ id: ids.build, ...facts }));
    if (to === 'invocation')
      await client.invocation(anInvocation({ id: ids.invocation, ...facts }));
    if (to === 'submission') {
      const link = isLinked ? { buildId: ids.build } : {};
      await client.submission(aSubmission({ key: submissionKey, ...link, ...facts }));
    }
  };
  const send = async ({ to, test: name, status, attempt }: Sent) => {
    await client.results({
      ...(to.includes('build') ? { buildId: ids.build } : {}),
      ...(to.includes('submission') ? { submissionId: submission.databaseId } : {}),
      ...(to.includes('invocation') ? { invocationId: ids.invocation } : {}),
      results: [{ name, status, attempt: attempt ?? null }],
    });
  };
  return { organizationId, tell, send };
}

/** Everything below the parents, but for what differs from one organization to the next. */
async function stored(organizationId: string) {
  const where = { organizationId };
  const results = await gateway.db.prisma.testResult.findMany({
    where,
    include: { testCase: true },
  });
  const submissions = await gateway.db.prisma.submission.findMany({ where });
  return {
    results: results
      .map(({ testCase, status, attempt, branch, codeState, ...row }) =>
        JSON.stringify([
          [testCase.name, status, attempt, branch, row.commitSha, codeState],
          [row.buildId !== null, row.submissionId !== null, row.invocationId !== null],
        ]),
      )
      .sort(),
    submissions: submissions.map(({ branch, testResultCount, ...row }) => [
      [branch, row.commitSha, row.treeSha, row.buildId !== null, testResultCount],
    ]),
    evidence: await storedEvidence(gateway.db, organizationId),
    flakyTests: await storedFlakyTests(gateway.db, organizationId),
  };
}

test('facts that come late, repeated and at once with results end in the rows of facts that came first', async () => {
  const histories = fc
    .record({
      messages: fc.array(message, { maxLength: 5 }),
      // Each an attempt of its own: of one attempt sent to other parents the first stays.
      all: fc
        .array(sent, { minLength: 1, maxLength: 7 })
        .map((list) => list.map((each, index) => ({ ...each, attempt: index + 1 }))),
    })
    .chain(({ messages, all }) =>
      fc.record({
        messages: fc.constant(messages),
        all: fc.constant(all),
        mixed: fc.shuffledSubarray([...messages, ...all, ...messages, ...all], {
          minLength: 2 * (messages.length + all.length),
        }),
        atOnce: fc.integer({ min: 1, max: 8 }),
      }),
    );

  await fc.assert(
    fc.asyncProperty(histories, async ({ messages, all, mixed, atOnce }) => {
      const [ordered, any] = await Promise.all([newOrganization(), newOrganization()]);

      // Twice: a submission says again what its build has told it meanwhile.
      for (const each of [...messages, ...messages]) await ordered.tell(each);
      for (const each of all) await ordered.send(each);
      for (let start = 0; start < mixed.length; start += atOnce) {
        await Promise.all(
          mixed
            .slice(start, start + atOnce)
            .map((each) => ('says' in each ? any.tell(each) : any.send(each))),
        );
      }

      expect(await stored(any.organizationId)).toEqual(await stored(ordered.organizationId));
    }),
    { numRuns: 25 },
  );
  expect(await deadlocks()).toBe(0);
}, 120_000);

test('a build learns its tree while 20 requests send its results, and none misses it', async () => {
  const { key, organizationId } = await gateway.createOrganization();
  const client = ingestClient(gateway, key);

  for (let round = 0; round < 10; round += 1) {
    const build = aBuild({ startedAt });
    await client.build(build);
    const sends = Array.from(
      { length: 20 },
      (_, index) => () =>
        client.results({
          buildId: build.id,
          results: [{ name: `test ${index % 10}`, status: index < 10 ? 'PASSED' : 'FAILED' }],
        }),
    );
    const tree = `tree ${round}`;

    await Promise.all([
      ...sends.slice(0, 10).map((send) => send()),
      client.build({ ...build, treeSha: tree }),
      ...sends.slice(10).map((send) => send()),
    ]);

    await gateway.settleAnalytics();
    const where = { organizationId, codeState: tree };
    expect(await gateway.db.prisma.testResult.count({ where })).toBe(20);
    expect(await gateway.db.prisma.flakyEvidence.count({ where })).toBe(10);
  }
  expect(await deadlocks()).toBe(0);
});

/** How often Postgres had to give up one of two that waited for each other. */
async function deadlocks(): Promise<number> {
  const { rows } = await gateway.db.pool.query<{ deadlocks: bigint }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(rows[0]?.deadlocks);
}
