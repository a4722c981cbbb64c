import { expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import {
  anId,
  firstBuild,
  latestBuild,
  oddSuites,
  type RawAnswer,
  sendAsAction,
} from './real-client.ts';
import { readBuild, resultsOf } from './shim-client.ts';

const agent = { name: 'GitHub Actions 7', os: 'Linux', arch: 'X64', executors: 1 };

type Call = readonly [resource: string, body: unknown];

/** Sends calls one after another, as one phase of the action does. */
async function play(gateway: TestGateway, keyHeader: string, calls: readonly Call[]) {
  const answers: RawAnswer[] = [];
  for (const [resource, body] of calls) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    answers.push(await sendAsAction(gateway.url, `/api/v1/ingest/${resource}`, keyHeader, text));
  }
  return answers;
}

function latestGeneration(id: string, runId: string): { main: Call[]; post: Call[] } {
  const report = (said: object) => ({
    jenkinsInstanceId: 'https://github.com',
    agents: [{ ...agent, ...said }],
    queueItems: [],
  });
  const {
    jobName,
    buildNumber,
    status,
    jenkinsInstanceId,
    branch,
    duration,
    startedAt,
    completedAt,
  } = latestBuild(id, runId);
  const log = {
    buildId: id,
    jobName,
    buildNumber,
    status,
    jenkinsInstanceId,
    branch,
    duration,
    startedAt,
    completedAt,
    logContent: `=== Job: build ===\n2026-03-02T10:00:00.0000000Z \u001B[31mred\u0000\n=== Job: report ===\n[Log not available]`,
  };
  return {
    main: [['agents', report({ status: 'BUILDING', currentJob: 'CI' })]],
    post: [
      ['builds', latestBuild(id, runId)],
      ['agents', report({ status: 'ONLINE' })],
      ...oddSuites(id).map((suite): Call => ['tests', suite]),
      ['build-logs', log],
    ],
  };
}

function firstGeneration(id: string, runId: string): { main: Call[]; post: Call[] } {
  const report = (status: string) => ({
    jenkinsInstanceId: 'acme/widgets',
    agents: [{ ...agent, status }],
    queueItems: [],
  });
  return {
    main: [
      ['builds', firstBuild(id, runId)],
      ['agents', report('BUILDING')],
      ...oddSuites(id).map((suite): Call => ['tests', suite]),
    ],
    post: [['agents', report('ONLINE')]],
  };
}

test('what the latest generation of the action sends is stored, and nothing is answered with an error', async () => {
  const gateway = await startGateway();
  const id = anId();
  const { main, post } = latestGeneration(id, '7012345678');
  const key = `X-API-Key: ${gateway.key}`;

  const before = await play(gateway, key, main);
  const after = await play(gateway, key, post);

  expect([...before, ...after].map(({ status }) => status)).toEqual(
    [...main, ...post].map(() => 201),
  );
  expect(JSON.parse(after[0]?.text ?? '')).toMatchObject({
    ...latestBuild(id, '7012345678'),
    status: 'success',
    startedAt: '2026-03-02T10:00:00.000Z',
  });
  const fields =
    'jobName number status durationMs branch pullRequest commitSha cause source instance server url ' +
    'externalRunId agentName repository { fullName provider }';
  expect(await readBuild(gateway, id, fields)).toEqual({
    jobName: 'CI',
    number: 42,
    status: 'SUCCESS',
    durationMs: 95_319,
    branch: '17/merge',
    pullRequest: 17,
    commitSha: '0123456789abcdef0123456789abcdef01234567',
    cause: 'pull_request',
    source: 'github-actions',
    instance: 'https://github.com/acme/widgets/actions/workflows/ci.yml',
    server: 'github.com',
    url: 'https://github.com/acme/widgets/actions/runs/7012345678',
    externalRunId: '7012345678',
    agentName: 'GitHub Actions 7',
    repository: { fullName: 'acme/widgets', provider: 'github' },
  });
  expect(await resultsOf(gateway, id)).toHaveLength(oddSuites(id).length - 1); // one has no cases
  const { data } = await gateway.graphql('{ agents { nodes { name server reportedStatus os } } }');
  expect(data).toEqual({
    agents: {
      nodes: [
        { name: 'GitHub Actions 7', server: 'github.com', reportedStatus: 'ONLINE', os: 'Linux' },
      ],
    },
  });
});

test('what the first generation of the action sends is stored, in the same repository as the latest', async () => {
  const gateway = await startGateway();
  const [first, latest] = [anId(), anId()];
  const old = firstGeneration(first, '1');
  const calls = [...old.main, ...old.post];

  const answers = await play(gateway, `Authorization: Bearer ${gateway.key}`, calls);
  await play(gateway, `X-API-Key: ${gateway.key}`, latestGeneration(latest, '2').post);

  expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 201));
  expect(await resultsOf(gateway, first)).toHaveLength(oddSuites(first).length - 1);
  const fields = 'server repository { id fullName }';
  expect(await readBuild(gateway, first, fields)).toEqual(await readBuild(gateway, latest, fields));
});

test('a build that did not arrive leaves its suites waiting, and they attach when it comes', async () => {
  const gateway = await startGateway();
  const id = anId();
  const key = `X-API-Key: ${gateway.key}`;
  const { post } = latestGeneration(id, '3');

  const [, ...overtaking] = await play(gateway, key, [['builds', '{'], ...post.slice(2, -1)]);
  await play(gateway, key, post.slice(0, 1));

  expect(overtaking.map(({ status }) => status)).toEqual(overtaking.map(() => 202));
  expect(await resultsOf(gateway, id)).toHaveLength(oddSuites(id).length - 1);
});

test('what the action sends with a wrong key is answered with 401 in JSON, and nothing is stored', async () => {
  const gateway = await startGateway();
  const { main, post } = latestGeneration(anId(), '4');

  const answers = await play(gateway, 'X-API-Key: ba_wrong', [...main, ...post]);

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  expect(answers[0]?.headers).toMatch(/^content-type: application\/json/im);
  const { build, agent: agents, testResult, heldMessage } = gateway.db.prisma;
  expect(await build.count()).toBe(0);
  expect(await agents.count()).toBe(0);
  expect(await testResult.count()).toBe(0);
  expect(await heldMessage.count()).toBe(0);
});
