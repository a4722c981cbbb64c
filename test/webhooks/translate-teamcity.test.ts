import { expect, test } from 'vitest';
import { teamcityBuild as build } from './samples.ts';
import { factsOf, translate } from './translate.ts';

const ofBuild = (more: object) => ({
  eventType: 'BUILD_FINISHED',
  payload: { ...build, ...more },
});

test('every row of the contract for TeamCity reaches the build', () => {
  const told = factsOf('TEAMCITY', 'BUILD_FINISHED', ofBuild({}));

  expect(told.build).toMatchObject({
    repository: { owner: 'acme', name: 'widgets', provider: 'github' },
    source: 'teamcity',
    instance: 'https://ci.example.com/teamcity',
    externalRunId: '501',
    jobName: 'Acme_Widgets_Test',
    jobDisplayName: 'Test',
    jobUrl: 'https://ci.example.com/teamcity/viewType.html?buildTypeId=Acme_Widgets_Test',
    number: 17,
    status: 'SUCCESS',
    statusRaw: 'SUCCESS',
    isConcluded: true,
    startedAt: new Date('2026-03-02T10:00:00Z'),
    completedAt: new Date('2026-03-02T10:05:00Z'),
    durationMs: 300_000,
    queueDurationMs: 10_000,
    branch: 'feature',
    commitSha: 'a1'.repeat(20),
    cause: 'vcs',
    triggeredBy: 'ada',
    agentName: 'agent-9',
    url: build.webUrl,
  });
});

test.each([
  ['BUILD_FINISHED', { status: 'SUCCESS' }, 'SUCCESS', true],
  ['BUILD_FINISHED', { status: 'FAILURE' }, 'FAILURE', true],
  ['BUILD_FINISHED', { status: 'UNKNOWN' }, 'ABORTED', true],
  ['BUILD_INTERRUPTED', { status: 'FAILURE' }, 'ABORTED', true],
  ['BUILD_STARTED', { status: 'SUCCESS', state: 'running' }, 'IN_PROGRESS', false],
])('%s with %o is a build that is %s', (event, more, status, isConcluded) => {
  const told = factsOf('TEAMCITY', event, ofBuild(more));

  expect(told.build).toMatchObject({ status, isConcluded });
});

test('the default branch is the one that the revision names, and text is no number', () => {
  const told = factsOf(
    'TEAMCITY',
    'BUILD_FINISHED',
    ofBuild({ branchName: '<default>', number: '2026.1-rc' }),
  );

  expect(told.build).toMatchObject({ branch: 'main', number: null });
});

test.each([
  [null, 'refs/heads/release', 'release'],
  [null, 'trunk', 'trunk'],
  [null, 'refs/pull/17/merge', null],
  [null, null, null],
  ['<default>', 'refs/pull/17/merge', null],
  ['pull/17', 'refs/pull/17/merge', 'pull/17'],
])(
  'a build of the branch %j whose revision is of %j has the branch %j',
  (branchName, vcsBranchName, branch) => {
    const revisions = { revision: [{ vcsBranchName }] };

    const told = factsOf('TEAMCITY', 'BUILD_FINISHED', ofBuild({ branchName, revisions }));

    expect(told.build?.branch).toBe(branch);
  },
);

test('the object may stand without an envelope', () => {
  const told = factsOf('TEAMCITY', 'BUILD_FINISHED', build);

  expect(told.build?.externalRunId).toBe('501');
});

test.each([
  ['AGENT_REGISTRED', 'ONLINE'],
  ['AGENT_REGISTERED', 'ONLINE'],
  ['AGENT_UNREGISTERED', 'OFFLINE'],
  ['AGENT_REMOVED', 'OFFLINE'],
])('%s makes the agent %s', (event, status) => {
  const { agents } = factsOf('TEAMCITY', event, {
    eventType: event,
    payload: { name: 'agent-9', webUrl: 'https://ci.example.com/agentDetails.html?id=9' },
  });

  expect(agents).toEqual({
    instance: 'https://ci.example.com',
    agents: [{ name: 'agent-9', status, statusRaw: event }],
  });
});

test.each([
  ['BUILD_TYPE_ADDED', { id: 'Acme_Widgets_Test' }],
  ['PROJECT_CREATED', { id: 'Acme' }],
  ['BUILD_FINISHED', {}],
  ['AGENT_REMOVED', {}],
  ['unknown', null],
])('%s is ignored when it tells of no build and no agent', (event, payload) => {
  const told = translate('TEAMCITY', event, payload);

  expect(told).toEqual({ ignored: expect.any(String) as string });
});
