import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { TestResultInput } from '../generated/graphql.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aBuild, aSubmission, ingestClient } from './ingest-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const startedAt = '2026-05-10T08:00:00.000Z';

/** A repository and a build of their own for each run, the build with one id in all of them. */
async function newPlace() {
  const { organizationId, key } = await gateway.createOrganization();
  const client = ingestClient(gateway, key);
  const { build } = await client.build(aBuild({ startedAt, commitSha: 'c'.repeat(40) }));
  const { submission } = await client.submission(
    aSubmission({ buildId: build.databaseId, recordedAt: startedAt }),
  );
  return { organizationId, client, submissionId: submission.databaseId };
}

/** What is stored, but for what differs from one organization to the next. */
async function stored(organizationId: string) {
  const where = { organizationId };
  const results = await gateway.db.prisma.testResult.findMany({
    where,
    include: { testCase: true },
  });
  const [submission] = await gateway.db.prisma.submission.findMany({ where });
  const rows = results.map(({ testCase, recordedAt, attempt, status, durationUs, message }) =>
    JSON.stringify([
      [testCase.suite, testCase.name, testCase.firstSeenAt],
      [recordedAt, attempt, status, String(durationUs), message],
    ]),
  );
  return { rows: rows.sort(), count: submission?.testResultCount };
}

const attempt: fc.Arbitrary<TestResultInput> = fc.record({
  suite: fc.constantFrom('a', 'b'),
  name: fc.constantFrom('one', 'two', 'three'),
  status: fc.constantFrom('PASSED', 'FAILED', 'ERRORED', 'SKIPPED', 'OTHER'),
  attempt: fc.integer({ min: 1, max: 3 }),
  durationUs: fc.constantFrom(1, 2, null),
  message: fc.constantFrom('no', null),
  recordedAt: fc.constantFrom(null, '2026-05-10T08:00:00.250Z', '2026-04-30T23:59:59.999Z'),
});

test('a list in overlapping pieces, in any order, repeated and at once, is stored as in one piece', async () => {
  const pieces = fc.array(attempt, { minLength: 1, maxLength: 12 }).chain((whole) =>
    fc.record({
      whole: fc.constant(whole),
      pieces: fc
        .array(fc.shuffledSubarray(whole), { maxLength: 3 })
        .chain((some) => fc.shuffledSubarray([whole, ...some], { minLength: some.length + 1 })),
    }),
  );

  await fc.assert(
    fc.asyncProperty(pieces, async ({ whole, pieces: requests }) => {
      const [one, many] = await Promise.all([newPlace(), newPlace()]);

      await one.client.results({ submissionId: one.submissionId, results: whole });
      const answers = await Promise.all(
        requests.map((results) =>
          many.client.results({ submissionId: many.submissionId, results }),
        ),
      );

      const expected = await stored(one.organizationId);
      const sum = answers.reduce((total, { accepted }) => total + accepted, 0);
      expect(await stored(many.organizationId)).toEqual(expected);
      expect([BigInt(sum), BigInt(expected.rows.length)]).toEqual([expected.count, expected.count]);
    }),
    { numRuns: 25 },
  );
});

test('20 requests with the same results in different orders store each once, and all end', async () => {
  const { organizationId, client, submissionId } = await newPlace();
  const results = Array.from({ length: 100 }, (_, index) => ({
    name: `t${index}`,
    status: 'PASSED' as const,
    attempt: 1,
  }));

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, shift) =>
      client.results({
        submissionId,
        results: [...results.slice(shift * 5), ...results.slice(0, shift * 5)],
      }),
    ),
  );

  const { rows, count } = await stored(organizationId);
  expect(rows).toHaveLength(100);
  expect(count).toBe(100n);
  expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(100);
  expect(answers.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(1900);
});

test('a test was first seen at its earliest result, in whatever order and at once', async () => {
  const { organizationId, client, submissionId } = await newPlace();
  const names = Array.from({ length: 40 }, (_, index) => `t${index}`);
  const days = Array.from({ length: 20 }, (_, day) =>
    new Date(Date.UTC(2026, 4, 1 + ((day * 7) % 20))).toISOString(),
  );
  const request = (recordedAt: string, order: readonly string[]) =>
    client.results({
      submissionId,
      results: order.map((name) => ({ name, status: 'PASSED', recordedAt })),
    });
  await request('2026-06-01T00:00:00Z', names);

  await Promise.all(
    days.map((day, shift) => request(day, [...names.slice(shift), ...names.slice(0, shift)])),
  );

  const cases = await gateway.db.prisma.testCase.findMany({ where: { organizationId } });
  expect(cases).toHaveLength(40);
  expect(new Set(cases.map(({ firstSeenAt }) => firstSeenAt.toISOString()))).toEqual(
    new Set(['2026-05-01T00:00:00.000Z']),
  );
});

test('new tests that are seen earlier and earlier at once never make requests wait for ever', async () => {
  const { organizationId, client, submissionId } = await newPlace();
  const rounds = Array.from({ length: 20 }, (_, index) => `new ${index}`);
  const hours = Array.from({ length: 14 }, (_, index) => (index * 5) % 14);

  for (const name of rounds) {
    await Promise.all(
      hours.map((hour) => {
        const recordedAt = new Date(Date.UTC(2026, 4, 10, hour)).toISOString();
        return client.results({ submissionId, results: [{ name, status: 'PASSED', recordedAt }] });
      }),
    );
  }

  const cases = await gateway.db.prisma.testCase.findMany({ where: { organizationId } });
  expect(cases).toHaveLength(20);
  expect(new Set(cases.map(({ firstSeenAt }) => firstSeenAt.toISOString()))).toEqual(
    new Set(['2026-05-10T00:00:00.000Z']),
  );
});

test('results of one test sent to many builds at once all land', async () => {
  const { key, organizationId } = await gateway.createOrganization();
  const client = ingestClient(gateway, key);
  const builds = await Promise.all(
    Array.from({ length: 20 }, () => client.build(aBuild({ commitSha: randomUUID() }))),
  );
  const names = Array.from({ length: 30 }, (_, index) => `t${index}`);

  const answers = await Promise.all(
    builds.map(({ build }, index) =>
      client.results({
        buildId: build.databaseId,
        results: names
          .toSorted(() => (index % 2) - 0.5)
          .map((name) => ({ name, status: 'PASSED' })),
      }),
    ),
  );

  expect(answers.map(({ accepted }) => accepted)).toEqual(Array(20).fill(30));
  expect(await gateway.db.prisma.testCase.count({ where: { organizationId } })).toBe(30);
});
