import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import {
  aBuild,
  aCase,
  aSuite,
  readBuild,
  type Report,
  resultsOf,
  shimClient,
} from './shim-client.ts';

let gateway: TestGateway;
let report: Report;
beforeAll(async () => {
  gateway = await startGateway();
  report = shimClient(gateway);
});

const countBuilds = (jobName: string) => gateway.db.prisma.build.count({ where: { jobName } });

/** A build that nothing but what is given makes known again. */
function nameless(fields: object = {}) {
  const jobName = randomUUID();
  return { ...aBuild({ jobName, ...fields }), id: undefined };
}

test('UUID externalRunId: upsert on it, the id is the same, 200; another id is kept as an alias', async () => {
  const build = nameless({ externalRunId: randomUUID() });
  const alias = randomUUID();

  const first = await report('builds', build);
  const again = await report('builds', { ...build, id: alias, branch: 'main' });
  const results = await report('tests', aSuite(alias));

  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.body).toMatchObject({ id: first.body['id'], branch: 'main' });
  expect(results).toMatchObject({ status: 201, body: { id: first.body['id'], accepted: 1 } });
  expect(await countBuilds(build.jobName)).toBe(1);
});

test('a UUID externalRunId in another letter case is the same', async () => {
  const externalRunId = randomUUID();
  const build = nameless({ externalRunId });

  const first = await report('builds', build);
  const again = await report('builds', { ...build, externalRunId: externalRunId.toUpperCase() });

  expect(again).toMatchObject({ status: 200, body: { id: first.body['id'] } });
});

test('non-UUID externalRunId and an id: upsert on id; the run groups builds', async () => {
  const jobName = randomUUID();
  const [one, other] = [
    aBuild({ jobName, externalRunId: '70' }),
    aBuild({ jobName, externalRunId: '70' }),
  ];

  const answers = [
    await report('builds', one),
    await report('builds', other),
    await report('builds', one),
  ];

  expect(answers.map(({ status }) => status)).toEqual([201, 201, 200]);
  const { data } = await gateway.graphql(
    `{ builds(filter: { externalRunId: "70" }) { nodes { databaseId } } }`,
  );
  expect(data).toMatchObject({ builds: { nodes: [{}, {}] } });
  expect(await countBuilds(jobName)).toBe(2);
});

test('non-UUID externalRunId, no id: upsert on source, jenkinsInstanceId and externalRunId', async () => {
  const build = nameless({ externalRunId: '71', source: 'github' });

  const first = await report('builds', build);
  const alias = await report('builds', { ...build, source: 'github-actions' });
  const otherInstance = await report('builds', { ...build, jenkinsInstanceId: 'acme/other' });
  const otherSource = await report('builds', { ...build, source: 'circleci' });

  expect([first, alias, otherInstance, otherSource].map(({ status }) => status)).toEqual([
    201, 200, 201, 201,
  ]);
});

test('id only: upsert on id', async () => {
  const build = aBuild();

  const first = await report('builds', build);
  const again = await report('builds', {
    ...build,
    buildNumber: 8,
    startedAt: '2026-03-03T10:00:00Z',
  });

  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.body).toMatchObject({ id: build.id, buildNumber: 8 });
});

test('neither: insert, unless jenkinsInstanceId, jobName, buildNumber and startedAt are those of a stored build', async () => {
  const build = nameless();

  const answers = [
    await report('builds', build),
    await report('builds', build),
    await report('builds', { ...build, buildNumber: 8 }),
    await report('builds', { ...build, startedAt: '2026-03-03T10:00:00Z' }),
    await report('builds', { ...build, jenkinsInstanceId: 'acme/other' }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([201, 200, 201, 201, 201]);
});

test('neither, and not even a number or a start: the same report is stored once, another by itself', async () => {
  const build = nameless({ buildNumber: null, startedAt: undefined });

  const answers = [
    await report('builds', build),
    await report('builds', build),
    await report('builds', { ...build, commitSha: 'abc' }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([201, 200, 201]);
});

test('an id that is no UUID is as none', async () => {
  const answer = await report('builds', { ...nameless(), id: '../../etc' });

  expect(answer.status).toBe(201);
});

test('buildId: the returned id and the client’s own both name the build', async () => {
  const own = aBuild();
  await report('builds', own);
  const seed = await report('builds', nameless({ externalRunId: randomUUID() }));

  await report('tests', aSuite(own.id));
  await report('tests', aSuite(String(seed.body['id'])));

  expect(await resultsOf(gateway, own.id)).toHaveLength(1);
  expect(await resultsOf(gateway, seed.body['id'])).toHaveLength(1);
});

test('a client-chosen id is unique in its organization alone: nobody reads or changes another’s build', async () => {
  const other = await gateway.createOrganization();
  const build = aBuild({ branch: 'theirs' });

  const theirs = await report('builds', build, other.key);
  const ours = await report('builds', { ...build, branch: 'ours' });

  expect([theirs.status, ours.status]).toEqual([201, 201]);
  expect(await readBuild(gateway, build.id, 'branch', other.key)).toEqual({ branch: 'theirs' });
  expect(await readBuild(gateway, build.id, 'branch')).toEqual({ branch: 'ours' });
});

test('on update, fields absent from the new request keep their value', async () => {
  const build = aBuild({
    branch: 'main',
    commitSha: 'abc',
    nodeInfo: { nodeName: 'n', nodeLabels: ['l'] },
  });

  await report('builds', build);
  const { id, jobName } = build;
  const { body } = await report('builds', {
    id,
    jobName,
    status: 'FAILURE',
    nodeInfo: { nodeName: 'n' },
  });

  expect(body).toMatchObject({
    status: 'failure',
    branch: 'main',
    commitSha: 'abc',
    duration: 1000,
    nodeInfo: { nodeName: 'n', nodeLabels: ['l'] },
  });
});

test('a terminal status is not overwritten by in_progress that arrives late', async () => {
  const build = aBuild();

  await report('builds', build);
  const { body } = await report('builds', { ...build, status: 'in_progress', completedAt: null });

  expect(body).toMatchObject({ status: 'success', completedAt: '2026-03-02T10:00:01.000Z' });
});

test('a build that is in progress first is updated when it has ended', async () => {
  const build = aBuild();

  const first = await report('builds', {
    ...build,
    status: 'in_progress',
    completedAt: null,
    duration: null,
  });
  const { body } = await report('builds', build);

  expect(first.body).toMatchObject({ status: 'in_progress', completedAt: null, duration: null });
  expect(body).toMatchObject({ status: 'success', duration: 1000 });
});

test('an update whose addresses lead to another repository is stored, in the repository the build has', async () => {
  const build = aBuild();

  await report('builds', build);
  const answer = await report('builds', {
    ...build,
    jenkinsInstanceId: 'acme/other',
    branch: 'main',
  });

  expect(answer).toMatchObject({ status: 200, body: { branch: 'main' } });
  expect(await readBuild(gateway, build.id, 'repository { fullName }')).toEqual({
    repository: { fullName: 'acme/widgets' },
  });
});

test('repeating any request duplicates no rows', async () => {
  const build = aBuild();
  const requests = [
    ['builds', build],
    [
      'pipeline-stages',
      {
        buildId: build.id,
        stages: [{ stageName: 'a', stageOrder: 0, status: 'success', duration: 1 }],
      },
    ],
    ['tests', aSuite(build.id, { testCases: [aCase(), aCase()] })],
    ['security-reports', { buildId: build.id, tool: 'scan', findings: [{ id: 'CVE-1' }] }],
  ] as const;

  for (const [resource, body] of [...requests, ...requests]) await report(resource, body);

  const where = { buildId: build.id };
  const { stage, testResult, securityReport } = gateway.db.prisma;
  expect(await stage.count({ where })).toBe(1);
  expect(await testResult.count({ where })).toBe(2);
  expect(await securityReport.count({ where })).toBe(1);
});

test('a build of which only a start ahead of time is known is stored, and sent again it is the same', async () => {
  const build = {
    jobName: 'ahead',
    status: 'SUCCESS',
    duration: 1,
    jenkinsInstanceId: 'https://ahead.acme.com',
    startedAt: '2099-01-01T00:00:00Z',
  };

  const first = await report('builds', build);
  const again = await report('builds', build);

  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.body['id']).toBe(first.body['id']);
  expect(first.body).toMatchObject({ startedAt: null });
});
