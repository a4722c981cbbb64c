import { expect, test } from 'vitest';
import { factsOf, receivedAt, translate } from './translate.ts';

const repository = {
  full_name: 'acme/widgets',
  html_url: 'https://github.com/acme/widgets',
  default_branch: 'main',
};

const run = {
  id: 7012345678,
  run_attempt: 2,
  name: 'CI',
  path: '.github/workflows/ci.yml@refs/heads/main',
  run_number: 42,
  status: 'completed',
  conclusion: 'success',
  created_at: '2026-03-02T09:59:00Z',
  run_started_at: '2026-03-02T10:00:00Z',
  updated_at: '2026-03-02T10:05:35Z',
  head_branch: 'feature',
  head_sha: 'a'.repeat(40),
  event: 'pull_request',
  html_url: 'https://github.com/acme/widgets/actions/runs/7012345678',
  actor: { login: 'ada' },
  triggering_actor: { login: 'grace' },
  pull_requests: [{ number: 7 }],
};

const ofRun = (more: object, action = 'completed') => ({
  action,
  repository,
  workflow: { name: 'CI', path: '.github/workflows/ci.yml' },
  workflow_run: { ...run, ...more },
});

test('every row of the contract for workflow_run reaches the build', () => {
  const { build } = factsOf('GITHUB', 'workflow_run', ofRun({}));

  expect(build).toEqual({
    repository: {
      owner: 'acme',
      name: 'widgets',
      provider: 'github',
      url: 'https://github.com/acme/widgets',
      defaultBranch: 'main',
    },
    source: 'github',
    externalRunId: '7012345678',
    attempt: 2,
    jobName: 'CI',
    instance: 'https://github.com/acme/widgets/actions/workflows/ci.yml',
    jobUrl: 'https://github.com/acme/widgets/actions/workflows/ci.yml',
    number: 42,
    status: 'SUCCESS',
    statusRaw: 'success',
    isConcluded: true,
    startedAt: new Date('2026-03-02T10:00:00Z'),
    completedAt: new Date('2026-03-02T10:05:35Z'),
    durationMs: 335_000,
    branch: 'feature',
    commitSha: 'a'.repeat(40),
    cause: 'pull_request',
    pullRequest: 7,
    url: 'https://github.com/acme/widgets/actions/runs/7012345678',
    triggeredBy: 'grace',
  });
});

test.each([
  ['success', 'SUCCESS'],
  ['neutral', 'SUCCESS'],
  ['failure', 'FAILURE'],
  ['timed_out', 'FAILURE'],
  ['startup_failure', 'FAILURE'],
  ['cancelled', 'ABORTED'],
  ['stale', 'ABORTED'],
  ['skipped', 'NOT_BUILT'],
  ['a word of next year', 'OTHER'],
])('a run that ended in %s is concluded as %s', (conclusion, status) => {
  const { build } = factsOf('GITHUB', 'workflow_run', ofRun({ conclusion }));

  expect(build).toMatchObject({ status, statusRaw: conclusion, isConcluded: true });
});

test.each([
  ['requested', 'queued', 'QUEUED'],
  ['requested', 'waiting', 'QUEUED'],
  ['in_progress', 'in_progress', 'IN_PROGRESS'],
])('a run that is %s and %s is %s and has not ended', (action, word, status) => {
  const { build } = factsOf(
    'GITHUB',
    'workflow_run',
    ofRun({ status: word, conclusion: null }, action),
  );

  expect(build).toMatchObject({ status, isConcluded: false, completedAt: null, durationMs: null });
});

test('a run that needs a person goes on', () => {
  const { build } = factsOf('GITHUB', 'workflow_run', ofRun({ conclusion: 'action_required' }));

  expect(build).toMatchObject({ status: 'IN_PROGRESS', isConcluded: false, completedAt: null });
});

test('a run without a name is called as its workflow, and else as its file', () => {
  const named = factsOf('GITHUB', 'workflow_run', ofRun({ name: null }));
  const bare = factsOf('GITHUB', 'workflow_run', {
    ...ofRun({ name: null }),
    workflow: null,
  });

  expect(named.build?.jobName).toBe('CI');
  expect(bare.build).toMatchObject({
    jobName: 'ci.yml',
    instance: 'https://github.com/acme/widgets/actions/workflows/ci.yml',
  });
});

test('a run whose times are reversed lasted no time', () => {
  const { build } = factsOf(
    'GITHUB',
    'workflow_run',
    ofRun({ updated_at: '2026-03-02T09:00:00Z' }),
  );

  expect(build?.durationMs).toBe(0);
});

const job = {
  id: 29679449877,
  run_id: 7012345678,
  run_attempt: 2,
  workflow_name: 'CI',
  name: 'test (20)',
  head_branch: 'feature',
  head_sha: 'a'.repeat(40),
  status: 'completed',
  conclusion: 'success',
  created_at: '2026-03-02T10:00:00Z',
  started_at: '2026-03-02T10:00:07Z',
  completed_at: '2026-03-02T10:01:07Z',
  html_url: 'https://github.com/acme/widgets/actions/runs/7012345678/job/29679449877',
  runner_name: 'runner-3',
  labels: ['self-hosted', 'linux'],
  steps: [
    {
      name: 'Set up job',
      number: 1,
      status: 'completed',
      conclusion: 'success',
      started_at: '2026-03-02T10:00:07Z',
      completed_at: '2026-03-02T10:00:09Z',
    },
    { name: 'Post', number: 9, status: 'queued', conclusion: null },
  ],
};

const ofJob = (more: object) => ({ repository, workflow_job: { ...job, ...more } });

test('every row of the contract for workflow_job reaches its stage', () => {
  const { stages } = factsOf('GITHUB', 'workflow_job', ofJob({}));

  expect(stages).toEqual([
    {
      externalId: '29679449877',
      name: 'test (20)',
      status: 'SUCCESS',
      statusRaw: 'success',
      attempt: 2,
      startedAt: new Date('2026-03-02T10:00:07Z'),
      completedAt: new Date('2026-03-02T10:01:07Z'),
      durationMs: 60_000,
      queueDurationMs: 7_000,
      agentName: 'runner-3',
      url: 'https://github.com/acme/widgets/actions/runs/7012345678/job/29679449877',
      steps: [
        {
          number: 1,
          name: 'Set up job',
          status: 'success',
          startedAt: new Date('2026-03-02T10:00:07Z'),
          completedAt: new Date('2026-03-02T10:00:09Z'),
        },
        { number: 9, name: 'Post', status: 'queued', startedAt: null, completedAt: null },
      ],
    },
  ]);
});

test('a job tells of its run that it goes on, whatever became of the job', () => {
  const { build } = factsOf('GITHUB', 'workflow_job', ofJob({ conclusion: 'failure' }));

  expect(build).toEqual({
    repository: {
      owner: 'acme',
      name: 'widgets',
      provider: 'github',
      url: 'https://github.com/acme/widgets',
      defaultBranch: 'main',
    },
    source: 'github',
    externalRunId: '7012345678',
    attempt: 2,
    jobName: 'CI',
    status: 'IN_PROGRESS',
    branch: 'feature',
    commitSha: 'a'.repeat(40),
    url: 'https://github.com/acme/widgets/actions/runs/7012345678',
  });
});

test.each([
  ['queued', null, 'QUEUED'],
  ['waiting', null, 'QUEUED'],
  ['in_progress', null, 'IN_PROGRESS'],
  ['completed', 'success', 'SUCCESS'],
  ['completed', 'neutral', 'SUCCESS'],
  ['completed', 'failure', 'FAILURE'],
  ['completed', 'timed_out', 'FAILURE'],
  ['completed', 'cancelled', 'ABORTED'],
  ['completed', 'skipped', 'SKIPPED'],
])('a job that is %s with conclusion %s is a stage that is %s', (status, conclusion, expected) => {
  const { stages } = factsOf('GITHUB', 'workflow_job', ofJob({ status, conclusion }));

  expect(stages?.[0]).toMatchObject({ status: expected });
});

test('a job that waits has not started, and was cancelled before it began in no time', () => {
  const waiting = factsOf(
    'GITHUB',
    'workflow_job',
    ofJob({ status: 'queued', conclusion: null, completed_at: null }),
  );
  const skipped = factsOf(
    'GITHUB',
    'workflow_job',
    ofJob({ conclusion: 'skipped', completed_at: '2026-03-02T10:00:00Z' }),
  );

  expect(waiting.stages?.[0]).toMatchObject({ startedAt: null, queueDurationMs: null });
  expect(skipped.stages?.[0]).toMatchObject({ durationMs: 0 });
});

test('the runner of a job that runs is building, and is free once the job has ended', () => {
  const running = factsOf(
    'GITHUB',
    'workflow_job',
    ofJob({ status: 'in_progress', conclusion: null, completed_at: null }),
  );
  const ended = factsOf('GITHUB', 'workflow_job', ofJob({}));

  const labels = ['self-hosted', 'linux'];
  expect(running.agents).toEqual({
    instance: 'https://github.com',
    recordedAt: new Date('2026-03-02T10:00:07Z'),
    agents: [{ name: 'runner-3', status: 'BUILDING', currentJob: 'CI', labels }],
  });
  expect(ended.agents).toEqual({
    instance: 'https://github.com',
    recordedAt: new Date('2026-03-02T10:01:07Z'),
    agents: [{ name: 'runner-3', status: 'ONLINE', currentJob: null, labels }],
  });
});

test('a job that no runner has taken tells of no agent', () => {
  const { agents } = factsOf('GITHUB', 'workflow_job', ofJob({ runner_name: '' }));

  expect(agents).toBeUndefined();
});

test('a runner without times was seen when the webhook came', () => {
  const { agents } = factsOf('GITHUB', 'workflow_job', ofJob({ completed_at: null }));

  expect(agents?.recordedAt).toEqual(receivedAt);
});

test.each([
  ['ping', { zen: 'Keep it logically awesome.', hook_id: 1 }, 'a ping'],
  ['check_run', { action: 'completed' }, 'workflow_job'],
  ['push', { ref: 'refs/heads/main' }, 'push'],
  ['workflow_run', ofRun({ conclusion: null }), 'without a conclusion'],
  ['workflow_job', ofJob({ conclusion: null }), 'without a conclusion'],
  ['workflow_run', ofRun({ id: null }), 'no id'],
  ['workflow_job', ofJob({ run_id: null }), 'no run'],
])('%s is ignored when it tells of no build', (event, payload, reason) => {
  const told = translate('GITHUB', event, payload);

  expect(told).toEqual({ ignored: expect.stringContaining(reason) as string });
});
