import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { aBuild, readBuild, type Report, shimClient } from './shim-client.ts';

let gateway: TestGateway;
let report: Report;
beforeAll(async () => {
  gateway = await startGateway();
  report = shimClient(gateway);
});

const longName = 'n'.repeat(600);
const workflow = 'https://github.com/acme/widgets/actions/workflows/ci.yml';

test.each([
  ['jobName: workflow display name', { jobName: 'CI' }, { jobName: 'CI' }],
  ['jobName: empty', { jobName: '' }, { jobName: 'unknown' }],
  ['jobName: too long', { jobName: longName }, { jobName: longName.slice(0, 512) }],
  ['jobName: U+0000', { jobName: 'a\0b' }, { jobName: 'a\uFFFDb' }],
  ['buildNumber: integer', { buildNumber: 42 }, { number: 42 }],
  ['buildNumber: can be null', { buildNumber: null }, { number: null }],
  ['buildNumber: digits as text', { buildNumber: '42' }, { number: 42 }],
  ['buildNumber: text', { buildNumber: '20260302.1-rc' }, { number: null }],
  ['duration: 3,024,000,000', { duration: 3_024_000_000 }, { durationMs: 3_024_000_000 }],
  ['duration: 22,886,690,445', { duration: 22_886_690_445 }, { durationMs: 22_886_690_445 }],
  ['duration: negative', { duration: -5 }, { durationMs: 0 }],
  ['duration: fraction', { duration: 1.5 }, { durationMs: 2 }],
  ['duration: null', { duration: null }, { durationMs: null }],
  ['duration: digits as text', { duration: '17' }, { durationMs: 17 }],
  [
    'startedAt, completedAt: without milliseconds',
    { startedAt: '2026-03-02T10:00:00Z', completedAt: '2026-03-02T10:00:35Z' },
    { startedAt: '2026-03-02T10:00:00.000Z', completedAt: '2026-03-02T10:00:35.000Z' },
  ],
  [
    'startedAt, completedAt: with milliseconds',
    { startedAt: '2026-03-02T10:00:00.001Z', completedAt: '2026-03-02T10:00:35.319Z' },
    { startedAt: '2026-03-02T10:00:00.001Z', completedAt: '2026-03-02T10:00:35.319Z' },
  ],
  [
    'startedAt, completedAt: numeric offsets',
    { startedAt: '2026-03-02T10:00:00+02:00', completedAt: '2026-03-02T10:00:00.5-0130' },
    { startedAt: '2026-03-02T08:00:00.000Z', completedAt: '2026-03-02T11:30:00.500Z' },
  ],
  [
    'completedAt: absent when in_progress',
    { status: 'in_progress', completedAt: undefined },
    { status: 'IN_PROGRESS', completedAt: null },
  ],
  [
    'completedAt: null when in_progress',
    { status: 'in_progress', completedAt: null },
    { status: 'IN_PROGRESS', completedAt: null },
  ],
  ['startedAt: the year 1', { startedAt: '0001-01-01T00:00:00Z' }, { startedAt: null }],
  ['startedAt: in far future', { startedAt: '2099-01-01T00:00:00Z' }, { startedAt: null }],
  ['branch: ref name', { branch: 'feature/x' }, { branch: 'feature/x', pullRequest: null }],
  ['branch: <number>/merge', { branch: '17/merge' }, { branch: '17/merge', pullRequest: 17 }],
  ['branch: an empty one is none', { branch: '' }, { branch: null }],
  ['branch: of a wrong type', { branch: { ref: 'x' } }, { branch: null }],
  ['commitSha: 40 hex', { commitSha: 'a'.repeat(40) }, { commitSha: 'a'.repeat(40) }],
  ['commitSha: too long', { commitSha: 'a'.repeat(999) }, { commitSha: 'a'.repeat(128) }],
  ['cause: merge_group', { cause: 'merge_group' }, { cause: 'merge_group' }],
  ['source: github', { source: 'github' }, { source: 'github-actions', sourceRaw: 'github' }],
  ['source: a property of every object', { source: 'Constructor' }, { source: 'constructor' }],
  ['source: the prototype', { source: '__proto__' }, { source: '__proto__' }],
  ['source: github-actions', { source: 'github-actions' }, { source: 'github-actions' }],
  [
    'externalRunId: not always a UUID',
    { externalRunId: '7012345678' },
    { externalRunId: '7012345678' },
  ],
  ['externalRunId: a number', { externalRunId: 7_012_345_678 }, { externalRunId: '7012345678' }],
  ['url: link to the run', { url: 'https://ci.acme.com/1' }, { url: 'https://ci.acme.com/1' }],
  ['jobUrl: .../actions/workflows/<file>', { jobUrl: workflow }, { jobUrl: workflow }],
  [
    'jobUrl: .../actions when the file is unknown',
    { jenkinsInstanceId: 'https://github.com', jobUrl: 'https://github.com/acme/widgets/actions' },
    { repository: { fullName: 'acme/widgets', provider: 'github' } },
  ],
  ['jobDisplayName', { jobDisplayName: 'Continuous' }, { jobDisplayName: 'Continuous' }],
  [
    'nodeInfo: nodeName, nodeLabels',
    { nodeInfo: { nodeName: 'n1', nodeLabels: ['self-hosted', 'linux'], isBuiltIn: false } },
    { agentName: 'n1', agentLabels: ['self-hosted', 'linux'] },
  ],
  [
    'nodeInfo: odd',
    { nodeInfo: { nodeName: 5, nodeLabels: 'x' } },
    { agentName: '5', agentLabels: [] },
  ],
  ['nodeInfo: text', { nodeInfo: 'n1' }, { agentName: null }],
  ['queueDuration: keep', { queueDuration: 1234 }, { queueDurationMs: 1234 }],
  ['a field nobody knows', { __proto: 1, deep: { a: [] } }, { jobName: 'unit-tests' }],
])('build %s', async (_row, fields, stored) => {
  const build = aBuild(fields);

  const answer = await report('builds', build);

  expect(answer.status).toBe(201);
  const selection =
    'jobName jobDisplayName number status durationMs queueDurationMs startedAt completedAt branch pullRequest ' +
    'commitSha cause source url jobUrl externalRunId agentName agentLabels repository { fullName provider }';
  const { sourceRaw, ...shown }: Record<string, unknown> = stored;
  expect(await readBuild(gateway, build.id, selection)).toMatchObject(shown);
  expect(answer.body['source']).toBe(sourceRaw ?? build.source);
});

test.each([
  ['first', 'acme/widgets', 'github.com'],
  ['middle', 'https://github.com/acme/widgets', 'github.com'],
  ['latest', workflow, 'github.com'],
])(
  'jenkinsInstanceId of the %s generation is kept, and is of one repository',
  async (_name, instance, server) => {
    const build = aBuild({ jenkinsInstanceId: instance });

    await report('builds', build);

    expect(await readBuild(gateway, build.id, 'instance server repository { fullName }')).toEqual({
      instance,
      server,
      repository: { fullName: 'acme/widgets' },
    });
  },
);

test.each([
  [{ source: 'gitlab', jenkinsInstanceId: 'https://gitlab.acme.com/a/b/c' }, 'a/b/c', 'gitlab'],
  [{ source: 'gitlab', jenkinsInstanceId: 'a/b/c' }, 'a/b/c', 'gitlab'],
  [
    { source: 'x', url: 'https://git.acme.com/a/b/-/pipelines/7', jenkinsInstanceId: 'x' },
    'a/b',
    'gitlab',
  ],
  [{ jenkinsInstanceId: 'https://git.acme.com/ghe/b/actions/workflows/ci.yml' }, 'ghe/b', 'github'],
  [
    { source: 'bitbucket', jenkinsInstanceId: 'https://bitbucket.org/bit/b/pipelines' },
    'bit/b',
    'bitbucket',
  ],
  [
    { source: 'jenkins', jenkinsInstanceId: 'https://ci.acme.com/' },
    'ci.acme.com/unit-tests',
    null,
  ],
  [{ source: 'jenkins', jenkinsInstanceId: 'prod-1' }, 'prod-1/unit-tests', null],
  [{ source: 'jenkins', jenkinsInstanceId: null }, 'jenkins/unit-tests', null],
  [{ source: undefined, jenkinsInstanceId: undefined }, 'unknown/unit-tests', null],
])('a build of %j is of a repository', async (said, fullName, provider) => {
  const build = aBuild(said);

  const answer = await report('builds', build);

  expect(answer.status).toBe(201);
  expect(await readBuild(gateway, build.id, 'repository { fullName provider }')).toEqual({
    repository: { fullName, provider },
  });
});

test.each([
  ['success', 'SUCCESS', 'success'],
  ['SUCCESS', 'SUCCESS', 'success'],
  ['failure', 'FAILURE', 'failure'],
  ['FAILURE', 'FAILURE', 'failure'],
  ['unstable', 'UNSTABLE', 'unstable'],
  ['UNSTABLE', 'UNSTABLE', 'unstable'],
  ['aborted', 'ABORTED', 'aborted'],
  ['ABORTED', 'ABORTED', 'aborted'],
  ['cancelled', 'ABORTED', 'aborted'],
  ['canceled', 'ABORTED', 'aborted'],
  ['in_progress', 'IN_PROGRESS', 'in_progress'],
  ['NOT_BUILT', 'NOT_BUILT', 'not_built'],
  ['skipped', 'NOT_BUILT', 'not_built'],
  ['Exploded', 'OTHER', 'other'],
  ['constructor', 'OTHER', 'other'],
  ['', 'OTHER', 'other'],
])('status %s is stored as %s and kept as it was sent', async (word, status, answered) => {
  const build = aBuild({ status: word });

  const { body } = await report('builds', build);

  expect(body).toMatchObject({ status: answered, statusRaw: word });
  expect(await readBuild(gateway, build.id, 'status statusRaw')).toEqual({
    status,
    statusRaw: word,
  });
});

test.each([
  ['jobName absent', { jobName: undefined }],
  ['jobName a number', { jobName: 5 }],
  ['status absent', { status: undefined }],
  ['status an object', { status: {} }],
  ['buildNumber a list', { buildNumber: [] }],
  ['duration text', { duration: 'long' }],
  ['duration an object', { duration: {} }],
  ['startedAt a word', { startedAt: 'yesterday' }],
  ['completedAt an object', { completedAt: {} }],
  ['jenkinsInstanceId a number', { jenkinsInstanceId: 5 }],
])('a required field of a wrong type is refused: %s', async (_what, fields) => {
  const build = aBuild(fields);

  const answer = await report('builds', build);

  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_request' } } });
  expect(await readBuild(gateway, build.id, 'id')).toBeNull();
});

test.each([
  ['a list', '[]'],
  ['null', 'null'],
  ['text', '"build"'],
  ['nothing', ''],
  ['half of one', '{"jobName":'],
])('a body that is %s is refused', async (_what, body) => {
  const answer = await report('builds', body);

  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_request' } } });
});

test('the answer holds every field as it is stored', async () => {
  const build = aBuild({ url: 'https://x.acme.com/1', queueDuration: 5, cause: 'push' });

  const { body } = await report('builds', build);

  expect(body).toEqual({
    ...build,
    jobDisplayName: null,
    jobUrl: null,
    status: 'success',
    statusRaw: 'SUCCESS',
    startedAt: '2026-03-02T10:00:00.000Z',
    completedAt: '2026-03-02T10:00:01.000Z',
    branch: null,
    commitSha: null,
    nodeInfo: null,
    externalRunId: null,
    createdAt: expect.any(String) as string,
    updatedAt: expect.any(String) as string,
  });
});

test.each([
  [
    'a hosted node that says otherwise',
    { nodeName: 'n', nodeLabels: ['self-hosted'], isBuiltIn: true },
  ],
  [
    'a node of no labels that is none of the CI',
    { nodeName: 'n', nodeLabels: [], isBuiltIn: false },
  ],
])('whether a node is built in is answered as it was sent: %s', async (_what, nodeInfo) => {
  const build = aBuild({ nodeInfo });

  const first = await report('builds', build);
  const later = await report('builds', { ...build, nodeInfo: { nodeName: 'n' } });

  expect([first.body['nodeInfo'], later.body['nodeInfo']]).toEqual([nodeInfo, nodeInfo]);
});

test('whether a node is built in follows from its labels when nobody says it', async () => {
  const hosted = { nodeInfo: { nodeName: 'n', nodeLabels: ['self-hosted'] } };

  const answers = [
    await report('builds', aBuild(hosted)),
    await report('builds', aBuild({ nodeInfo: { nodeName: 'n' } })),
  ];

  expect(answers.map(({ body }) => body['nodeInfo'])).toMatchObject([
    { isBuiltIn: false },
    { isBuiltIn: true },
  ]);
});
