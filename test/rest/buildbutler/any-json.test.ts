import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { aBuild, aCase, aSuite, type Report, resultsOf, shimClient } from './shim-client.ts';

let gateway: TestGateway;
let report: Report;
beforeAll(async () => {
  gateway = await startGateway();
  report = shimClient(gateway);
});

const text = fc.string({ unit: 'binary', maxLength: 20 });
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  text,
  fc.constantFrom(-1, 1e308, 1.5, '0x1F', '\0', '\uD800', '', '12', null, true),
);

/** An object in which some fields hold anything. */
const withOdd = (fields: object) =>
  fc.record(Object.fromEntries(Object.keys(fields).map((key) => [key, odd])), { requiredKeys: [] });

const build = aBuild({
  jobUrl: '',
  url: '',
  branch: '',
  nodeInfo: {},
  externalRunId: '',
  cause: '',
});

test('whatever a build holds, the answer is a build or says what is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(withOdd(build), async (fields) => {
      const { status, body } = await report('builds', { ...aBuild(), ...fields });

      expect([200, 201, 400]).toContain(status);
      expect(body).toHaveProperty(status === 400 ? 'error' : 'id');
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('whatever the optional fields of a build hold, it is stored', async () => {
  const {
    jobName,
    buildNumber,
    status,
    duration,
    startedAt,
    completedAt,
    jenkinsInstanceId,
    ...optional
  } = build;
  const required = {
    jobName,
    buildNumber,
    status,
    duration,
    startedAt,
    completedAt,
    jenkinsInstanceId,
  };

  await fc.assert(
    fc.asyncProperty(withOdd(optional), async (fields) => {
      const answer = await report('builds', { ...required, ...fields });

      expect([200, 201]).toContain(answer.status);
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('whatever a suite and its cases hold, it is stored with all of its cases', async () => {
  const fields = withOdd({ name: 1, totalCount: 1, passCount: 1, duration: 1 });
  const testCase = withOdd({ ...aCase(), errorMessage: 1, stackTrace: 1 });

  await fc.assert(
    fc.asyncProperty(
      fields,
      fc.array(fc.oneof(testCase, odd), { maxLength: 5 }),
      async (said, testCases) => {
        const stored = aBuild();
        await report('builds', stored);

        const answer = await report('tests', { ...aSuite(stored.id, { testCases }), ...said });

        expect(answer).toMatchObject({
          status: 201,
          body: { accepted: testCases.length, rejected: [] },
        });
        expect(await resultsOf(gateway, stored.id)).toHaveLength(testCases.length);
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test.each(['pipeline-stages', 'tests', 'agents', 'security-reports', 'builds'])(
  'any JSON at all is answered by %s without a bug',
  async (resource) => {
    const keys = {
      buildId: 1,
      stages: 1,
      suites: 1,
      agents: 1,
      queueItems: 1,
      jenkinsInstanceId: 1,
      sarif: 1,
    };
    const body = fc.oneof(
      odd,
      withOdd(keys),
      withOdd(keys).map((fields) => ({ ...fields, buildId: randomUUID() })),
    );

    await fc.assert(
      fc.asyncProperty(body, async (json) => {
        expect((await report(resource, json ?? 'null')).status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  },
  60_000,
);
