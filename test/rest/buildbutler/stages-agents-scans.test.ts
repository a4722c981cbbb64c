import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { aBuild, readBuild, type Report, shimClient } from './shim-client.ts';

let gateway: TestGateway;
let report: Report;
beforeAll(async () => {
  gateway = await startGateway();
  report = shimClient(gateway);
});

const aStage = (fields: object = {}) => ({
  stageName: 'compile',
  stageOrder: 0,
  status: 'success',
  duration: 10,
  ...fields,
});

/** Sends stages of a new build, and gives the answer and the stages that are there then. */
async function sendStages(...lists: unknown[]) {
  const build = aBuild();
  await report('builds', build);
  const answers = [];
  for (const stages of lists) {
    answers.push(await report('pipeline-stages', { buildId: build.id, stages }));
  }
  const read = await readBuild(
    gateway,
    build.id,
    'stages { nodes { name order status statusRaw durationMs } }',
  );
  return { answers, stages: (read?.['stages'] as { nodes: unknown[] }).nodes };
}

test.each([
  ['stageName', { stageName: 'Deploy' }, { name: 'Deploy' }],
  ['stageName: empty', { stageName: '' }, { name: 'unnamed' }],
  ['stageName: too long', { stageName: 'n'.repeat(600) }, { name: 'n'.repeat(512) }],
  ['stageOrder: integer, from 0', { stageOrder: 3 }, { order: 3 }],
  ['status: success', { status: 'success' }, { status: 'SUCCESS' }],
  ['status: FAILURE', { status: 'FAILURE' }, { status: 'FAILURE' }],
  ['status: skipped', { status: 'skipped' }, { status: 'SKIPPED', statusRaw: 'skipped' }],
  ['status: NOT_BUILT', { status: 'NOT_BUILT' }, { status: 'SKIPPED' }],
  ['status: unknown', { status: 'Odd' }, { status: 'OTHER', statusRaw: 'Odd' }],
  ['duration: 64-bit', { duration: 3_024_000_000 }, { durationMs: 3_024_000_000 }],
  ['duration: fractions', { duration: 10.6 }, { durationMs: 11 }],
  ['duration: null', { duration: null }, { durationMs: null }],
])('stage %s', async (_row, fields, stored) => {
  const { answers, stages } = await sendStages([aStage(fields)]);

  expect(answers).toMatchObject([{ status: 201, body: { accepted: 1, rejected: [] } }]);
  expect(stages).toMatchObject([stored]);
});

test('the order of stages is stageOrder, not the place in the list; parallel ones share it', async () => {
  const { stages } = await sendStages([
    aStage({ stageName: 'c', stageOrder: 1 }),
    aStage({ stageName: 'b', stageOrder: 1 }),
    aStage({ stageName: 'a', stageOrder: 0 }),
  ]);

  expect(stages).toHaveLength(3);
  expect(stages[0]).toMatchObject({ name: 'a', order: 0 });
});

test('an empty list of stages is accepted; a stage that is sent again is replaced', async () => {
  const { answers, stages } = await sendStages(
    [],
    [aStage()],
    [aStage({ status: 'failure', duration: 20 })],
  );

  expect(answers.map(({ status, body }) => [status, body['accepted']])).toEqual([
    [201, 0],
    [201, 1],
    [201, 1],
  ]);
  expect(stages).toMatchObject([{ status: 'FAILURE', durationMs: 20 }]);
});

test.each([
  ['no list', 'x'],
  ['without a name', [aStage({ stageName: undefined })]],
  ['of an order in words', [aStage({ stageOrder: 'first' })]],
  ['without a status', [aStage({ status: undefined })]],
])('stages %s are refused', async (_what, stages) => {
  const { answers } = await sendStages(stages);

  expect(answers).toMatchObject([{ status: 400, body: { error: { code: 'bad_request' } } }]);
});

test('stages and scans that come before their build attach when it comes', async () => {
  const build = aBuild();
  const findings = [{ id: 'CVE-2026-1', severity: 'HIGH', package: 'left-pad', version: '1' }];

  const stages = await report('stages', { buildId: build.id, stages: [aStage()] });
  const scan = await report('security-reports', { buildId: build.id, tool: 'scan', findings });
  await report('builds', build);

  expect([stages, scan]).toEqual([
    { status: 202, body: { accepted: 1, held: true } },
    { status: 202, body: { accepted: 1, held: true } },
  ]);
  const fields = 'stages { nodes { name } } securityReports { nodes { tool } }';
  expect(await readBuild(gateway, build.id, fields)).toEqual({
    stages: { nodes: [{ name: 'compile' }] },
    securityReports: { nodes: [{ tool: 'scan' }] },
  });
});

const anAgent = (fields: object = {}) => ({ name: randomUUID(), status: 'ONLINE', ...fields });

test.each([
  ['status: ONLINE', { status: 'ONLINE' }, { reportedStatus: 'ONLINE' }],
  ['status: OFFLINE', { status: 'offline' }, { reportedStatus: 'OFFLINE' }],
  [
    'status: BUILDING, currentJob',
    { status: 'BUILDING', currentJob: 'CI' },
    { reportedStatus: 'BUILDING', currentJob: 'CI' },
  ],
  ['status: UNKNOWN', { status: 'UNKNOWN' }, { reportedStatus: 'UNKNOWN' }],
  ['status: another word', { status: 'asleep' }, { reportedStatus: 'UNKNOWN' }],
  [
    'labels: comma-joined',
    { labels: 'self-hosted, linux,X64' },
    { labels: ['self-hosted', 'linux', 'X64'] },
  ],
  ['labels: a list', { labels: ['a', 'b'] }, { labels: ['a', 'b'] }],
  ['labels: absent', {}, { labels: [] }],
  ['arch: absent in fleet reports', {}, { arch: null }],
  ['executors: 1', { executors: 1 }, { executors: 1 }],
  ['executors: a fraction', { executors: 1.5 }, { executors: 2 }],
])('agent %s', async (_row, fields, stored) => {
  const agent = anAgent(fields);
  const body = { jenkinsInstanceId: 'https://ci.acme.com', agents: [agent], queueItems: [] };

  const answer = await report('agents', body);

  expect(answer).toMatchObject({ status: 201, body: { accepted: 1, rejected: [] } });
  const { data } = await gateway.graphql<{ agents: { nodes: { name: string }[] } }>(
    '{ agents(first: 100) { nodes { name reportedStatus currentJob labels arch executors server } } }',
  );
  const found = data?.agents.nodes.find(({ name }) => name === agent.name);
  expect(found).toMatchObject({ ...stored, server: 'ci.acme.com' });
});

test.each([
  ['any object', [{ jobName: 'j', queuedSince: 1, why: 'none', deep: { a: [1] } }]],
  ['no objects', [null, 'x', 5]],
  ['no list', 'x'],
])('queueItems: %s', async (_what, queueItems) => {
  const answer = await report('agents', {
    jenkinsInstanceId: 'https://q.acme.com',
    agents: [],
    queueItems,
  });

  expect(answer.status).toBe(201);
});

test.each([
  ['agents of no server', { agents: [] }],
  ['agents that are no list', { jenkinsInstanceId: 'x', agents: 'x' }],
  ['an agent without a name', { jenkinsInstanceId: 'x', agents: [{ status: 'ONLINE' }] }],
])('%s are refused', async (_what, body) => {
  expect(await report('agents', body)).toMatchObject({
    status: 400,
    body: { error: { code: 'bad_request' } },
  });
});

test.each([
  [
    'the simple form',
    {
      tool: 't',
      type: 'sast',
      findings: [{ ruleId: 'r', severity: 'low', file: 'a.ts', line: 3 }],
    },
  ],
  [
    'vulnerabilities',
    { scanner: 's', vulnerabilities: [{ cve: 'CVE-1', severity: 'Critical', fixedVersion: '2' }] },
  ],
  ['anything', { hello: ['world', null, '\0'] }],
  ['nothing', {}],
])('a scan of %s is stored', async (_what, document) => {
  const build = aBuild();
  await report('builds', build);

  const answer = await report('security-reports', { buildId: build.id, ...document });

  expect(answer).toMatchObject({
    status: 201,
    body: { id: expect.any(String) as string, accepted: 1 },
  });
});

test('a scan without a build is refused', async () => {
  expect(await report('security-reports', { tool: 't' })).toMatchObject({ status: 400 });
});

test('more stages than one request of ours takes are stored', async () => {
  const build = aBuild();
  await report('builds', build);
  const stages = Array.from({ length: 5001 }, (_, index) => aStage({ stageOrder: index }));

  const answer = await report('stages', { buildId: build.id, stages });

  expect(answer).toMatchObject({ status: 201, body: { accepted: 5001, rejected: [] } });
  expect(await gateway.db.prisma.stage.count({ where: { buildId: build.id } })).toBe(5001);
});

test('more agents and queue items than one report of ours takes are stored, and the queue keeps its length', async () => {
  const agents = Array.from({ length: 10_001 }, () => anAgent());
  const queueItems = Array.from({ length: 10_002 }, (_, index) => ({ jobName: `j${index}` }));
  const body = { jenkinsInstanceId: 'https://fleet.acme.com', agents, queueItems };

  const answer = await report('agents', body);

  expect(answer).toMatchObject({ status: 201, body: { accepted: 10_001, rejected: [] } });
  const { agent, agentSnapshot } = gateway.db.prisma;
  expect(await agent.count({ where: { server: 'fleet.acme.com' } })).toBe(10_001);
  const snapshots = await agentSnapshot.findMany({
    where: { server: 'fleet.acme.com', queueLength: { not: null } },
  });
  expect(snapshots).toMatchObject([{ queueLength: 10_002, idleCount: 10_001 }]);
}, 30_000);
