import { expect, test } from 'vitest';
import {
  buildkiteBuild as build,
  buildkiteJob as job,
  buildkitePipeline as pipeline,
} from './samples.ts';
import { factsOf, translate } from './translate.ts';

const ofBuild = (more: object) => ({ pipeline, build: { ...build, ...more } });

test('every row of the contract for Buildkite reaches the build', () => {
  const { build: told, stages } = factsOf('BUILDKITE', 'build.finished', ofBuild({}));

  expect(told).toEqual({
    repository: {
      owner: 'acme',
      name: 'widgets',
      provider: 'github',
      url: 'https://github.com/acme/widgets',
      defaultBranch: 'main',
    },
    source: 'buildkite',
    instance: 'https://buildkite.com/acme',
    externalRunId: '01916c1e-7f51-4bc6-8e6f-1d3bd1c5b7a1',
    jobName: 'widgets',
    jobDisplayName: 'Widgets',
    jobUrl: 'https://buildkite.com/acme/widgets',
    number: 7,
    status: 'SUCCESS',
    statusRaw: 'passed',
    isConcluded: true,
    startedAt: new Date('2026-03-02T10:00:05Z'),
    completedAt: new Date('2026-03-02T10:01:05Z'),
    durationMs: 60_000,
    queueDurationMs: 4_000,
    branch: 'feature',
    commitSha: 'c'.repeat(40),
    pullRequest: 12,
    cause: 'webhook',
    url: 'https://buildkite.com/acme/widgets/builds/7',
    triggeredBy: 'Ada',
  });
  expect(stages).toBeUndefined();
});

test.each([
  ['passed', 'SUCCESS', true],
  ['failed', 'FAILURE', true],
  ['canceled', 'ABORTED', true],
  ['skipped', 'NOT_BUILT', true],
  ['not_run', 'NOT_BUILT', true],
  ['scheduled', 'IN_PROGRESS', false],
  ['running', 'IN_PROGRESS', false],
  ['failing', 'IN_PROGRESS', false],
  ['canceling', 'IN_PROGRESS', false],
])('a build that is %s is %s', (state, status, isConcluded) => {
  const told = factsOf('BUILDKITE', 'build.running', ofBuild({ state }));

  expect(told.build).toMatchObject({ status, isConcluded });
});

test('a build that is blocked waits for a person and has not ended', () => {
  const told = factsOf('BUILDKITE', 'build.finished', ofBuild({ blocked: true }));

  expect(told.build).toMatchObject({
    status: 'IN_PROGRESS',
    isConcluded: false,
    completedAt: null,
    durationMs: null,
  });
});

test('a commit that is not known yet is none, and its author stands for the creator', () => {
  const told = factsOf(
    'BUILDKITE',
    'build.scheduled',
    ofBuild({ commit: 'HEAD', creator: null, author: { name: 'Grace' } }),
  );

  expect(told.build).toMatchObject({ commitSha: null, triggeredBy: 'Grace' });
});

const ofJob = (more: object) => ({ ...ofBuild({ state: 'running' }), job: { ...job, ...more } });

test('every row of the contract for a finished job of Buildkite reaches its stage', () => {
  const { stages } = factsOf('BUILDKITE', 'job.finished', ofJob({}));

  expect(stages).toEqual([
    {
      externalId: '0191-job',
      group: null,
      name: ':rspec: Tests',
      status: 'SUCCESS',
      statusRaw: 'passed',
      attempt: 2,
      startedAt: new Date('2026-03-02T10:00:05Z'),
      completedAt: new Date('2026-03-02T10:00:35Z'),
      durationMs: 30_000,
      queueDurationMs: 3_000,
      agentName: 'agent-1',
      url: 'https://buildkite.com/acme/widgets/builds/7#0191-job',
    },
  ]);
});

test.each([
  [{ state: 'failed', exit_status: 1 }, 'FAILURE'],
  [{ state: 'failed', exit_status: 1, soft_failed: true }, 'UNSTABLE'],
  [{ state: 'finished', exit_status: 0 }, 'SUCCESS'],
  [{ state: 'finished', exit_status: -1 }, 'FAILURE'],
  [{ state: 'timed_out' }, 'FAILURE'],
  [{ state: 'canceled' }, 'ABORTED'],
  [{ state: 'broken' }, 'SKIPPED'],
  [{ state: 'unblocked', type: 'manual' }, 'SUCCESS'],
])('a job with %o is %s', (more, status) => {
  const { stages } = factsOf('BUILDKITE', 'job.finished', ofJob(more));

  expect(stages?.[0]?.status).toBe(status);
});

test('a job without a name is called as its key, and else as its command', () => {
  const keyed = factsOf('BUILDKITE', 'job.finished', ofJob({ name: null }));
  const bare = factsOf('BUILDKITE', 'job.finished', ofJob({ name: '', step_key: null }));

  expect(keyed.stages?.[0]?.name).toBe('tests');
  expect(bare.stages?.[0]?.name).toBe('make test');
});

test('a waiter is no stage', () => {
  const { stages } = factsOf('BUILDKITE', 'job.finished', ofJob({ type: 'waiter' }));

  expect(stages).toEqual([]);
});

test.each([
  ['agent.connected', 'ONLINE'],
  ['agent.stopping', 'ONLINE'],
  ['agent.lost', 'OFFLINE'],
  ['agent.disconnected', 'OFFLINE'],
  ['agent.stopped', 'OFFLINE'],
])('%s makes the agent %s', (event, status) => {
  const { agents } = factsOf('BUILDKITE', event, {
    agent: {
      name: 'agent-1',
      connection_state: 'connected',
      meta_data: ['queue=default'],
      web_url: 'https://buildkite.com/organizations/acme/agents/0191',
    },
  });

  expect(agents).toEqual({
    instance: 'https://buildkite.com/acme',
    agents: [{ name: 'agent-1', status, statusRaw: 'connected', labels: ['queue=default'] }],
  });
});

test.each([
  ['ping', {}],
  ['job.started', ofJob({})],
  ['build.finished', ofBuild({ id: null })],
  ['agent.lost', {}],
])('%s is ignored when it tells of no build', (event, payload) => {
  const told = translate('BUILDKITE', event, payload);

  expect(told).toEqual({ ignored: expect.any(String) as string });
});
