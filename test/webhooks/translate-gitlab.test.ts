import { expect, test } from 'vitest';
import { factsOf, fixture, translate } from './translate.ts';

const project = {
  web_url: 'https://gitlab.example.com/acme/tools/widgets',
  path_with_namespace: 'acme/tools/widgets',
  default_branch: 'main',
};

const pipeline = {
  id: 31,
  iid: 3,
  name: 'Nightly',
  ref: 'main',
  sha: 'b'.repeat(40),
  source: 'schedule',
  status: 'success',
  stages: ['build', 'test'],
  created_at: '2016-08-12 15:23:28 UTC',
  finished_at: '2016-08-12 17:26:29 +0200',
  duration: 63,
  queued_duration: 10,
  url: 'https://gitlab.example.com/acme/tools/widgets/-/pipelines/31',
};

const job = (more: object) => ({
  id: 376,
  stage: 'build',
  name: 'compile',
  status: 'success',
  created_at: '2016-08-12 15:23:28 UTC',
  started_at: '2016-08-12 15:24:56 UTC',
  finished_at: '2016-08-12 15:25:26 UTC',
  allow_failure: false,
  runner: { id: 1, description: 'shared-1' },
  ...more,
});

const ofPipeline = (more: object, builds: readonly object[] = []) => ({
  object_kind: 'pipeline',
  object_attributes: { ...pipeline, ...more },
  user: { username: 'ada' },
  merge_request: { iid: 12, source_branch: 'feature' },
  project,
  builds,
});

test('every row of the contract for a pipeline reaches the build', () => {
  const { build } = factsOf('GITLAB', 'Pipeline Hook', ofPipeline({}));

  expect(build).toEqual({
    repository: {
      owner: 'acme/tools',
      name: 'widgets',
      provider: 'gitlab',
      url: 'https://gitlab.example.com/acme/tools/widgets',
      defaultBranch: 'main',
    },
    source: 'gitlab',
    externalRunId: '31',
    jobName: 'acme/tools/widgets',
    jobDisplayName: 'Nightly',
    instance: 'https://gitlab.example.com/acme/tools/widgets',
    jobUrl: 'https://gitlab.example.com/acme/tools/widgets/-/pipelines',
    number: 3,
    status: 'SUCCESS',
    statusRaw: 'success',
    isConcluded: true,
    startedAt: new Date('2016-08-12T15:23:38Z'),
    completedAt: new Date('2016-08-12T15:26:29Z'),
    durationMs: 63_000,
    queueDurationMs: 10_000,
    branch: 'main',
    commitSha: 'b'.repeat(40),
    pullRequest: 12,
    cause: 'schedule',
    url: 'https://gitlab.example.com/acme/tools/widgets/-/pipelines/31',
    triggeredBy: 'ada',
  });
});

test.each([
  ['created', 'QUEUED', false],
  ['waiting_for_resource', 'QUEUED', false],
  ['preparing', 'QUEUED', false],
  ['pending', 'QUEUED', false],
  ['scheduled', 'QUEUED', false],
  ['running', 'IN_PROGRESS', false],
  ['canceling', 'IN_PROGRESS', false],
  ['manual', 'IN_PROGRESS', false],
  ['success', 'SUCCESS', true],
  ['failed', 'FAILURE', true],
  ['canceled', 'ABORTED', true],
  ['skipped', 'NOT_BUILT', true],
])('a pipeline that is %s is %s', (word, status, isConcluded) => {
  const { build } = factsOf('GITLAB', 'Pipeline Hook', ofPipeline({ status: word }));

  expect(build).toMatchObject({ status, statusRaw: word, isConcluded });
});

test('an old server numbers a pipeline by its id, and has no address of it', () => {
  const { build } = factsOf('GITLAB', 'x', ofPipeline({ iid: undefined, url: undefined }));

  expect(build).toMatchObject({ number: 31, url: pipeline.url });
});

test('a pipeline of a merge request is on the branch of the merge request', () => {
  const { build } = factsOf('GITLAB', 'x', ofPipeline({ ref: 'refs/merge-requests/12/head' }));

  expect(build?.branch).toBe('feature');
});

test('a job of a merge request names the merge request, and no branch', () => {
  const ofJob = {
    object_kind: 'build',
    build_id: 1,
    pipeline_id: 31,
    ref: 'refs/merge-requests/12/head',
    project,
  };

  const { build } = factsOf('GITLAB', 'Job Hook', ofJob);

  expect(build).toMatchObject({ branch: null, pullRequest: 12 });
});

test('times of newer servers are read too', () => {
  const { build } = factsOf('GITLAB', 'x', ofPipeline({ finished_at: '2026-03-02T10:00:00.5Z' }));

  expect(build?.completedAt).toEqual(new Date('2026-03-02T10:00:00.500Z'));
});

test('jobs stand in the order of their stages, then as they began, then by their ids', () => {
  const builds = [
    job({ id: 9, stage: 'test', name: 'third', started_at: '2016-08-12 15:26:12 UTC' }),
    job({ id: 10, stage: 'test', name: 'fourth', started_at: '2016-08-12 15:26:12 UTC' }),
    job({ id: 11, stage: 'test', name: 'second', started_at: '2016-08-12 15:26:00 UTC' }),
    job({ id: 12, stage: 'test', name: 'fifth', started_at: null }),
    job({ id: 99, stage: 'build', name: 'first' }),
  ];

  const { stages } = factsOf('GITLAB', 'Pipeline Hook', ofPipeline({}, builds));

  expect(stages?.map(({ order, name, group }) => [order, name, group])).toEqual([
    [0, 'first', 'build'],
    [1, 'second', 'test'],
    [2, 'third', 'test'],
    [3, 'fourth', 'test'],
    [4, 'fifth', 'test'],
  ]);
});

test('every row of the contract for a job of a pipeline reaches its stage', () => {
  const { stages } = factsOf(
    'GITLAB',
    'x',
    ofPipeline({}, [job({ duration: 29.6789, queued_duration: 0.9678 })]),
  );

  expect(stages).toEqual([
    {
      order: 0,
      externalId: '376',
      group: 'build',
      name: 'compile',
      status: 'SUCCESS',
      statusRaw: 'success',
      startedAt: new Date('2016-08-12T15:24:56Z'),
      completedAt: new Date('2016-08-12T15:25:26Z'),
      durationMs: 29_679,
      queueDurationMs: 968,
      agentName: 'shared-1',
      url: 'https://gitlab.example.com/acme/tools/widgets/-/jobs/376',
    },
  ]);
});

test.each([
  ['success', 'success', 'SUCCESS'],
  ['failed', 'failed', 'FAILURE'],
  ['canceled', 'canceled', 'ABORTED'],
  ['skipped', 'success', 'SKIPPED'],
  ['manual', 'success', 'SKIPPED'],
  ['created', 'failed', 'SKIPPED'],
  ['created', 'running', 'QUEUED'],
  ['pending', 'running', 'QUEUED'],
  ['running', 'running', 'IN_PROGRESS'],
])('a job that is %s in a pipeline that is %s is %s', (word, status, expected) => {
  const { stages } = factsOf('GITLAB', 'x', ofPipeline({ status }, [job({ status: word })]));

  expect(stages?.[0]).toMatchObject({ status: expected, statusRaw: word });
});

test('a job that may fail and did is unstable', () => {
  const builds = [job({ status: 'failed', allow_failure: true })];

  const { stages } = factsOf('GITLAB', 'x', ofPipeline({}, builds));

  expect(stages?.[0]?.status).toBe('UNSTABLE');
});

test('a job event gives one stage, of the pipeline as the event of the pipeline has it', () => {
  const { build, stages } = factsOf(
    'GITLAB',
    'Job Hook',
    fixture('go-playground/gitlab/job-event.json'),
  );

  expect(build).toMatchObject({
    repository: { owner: 'gitlab-org', name: 'gitlab-test', provider: 'gitlab' },
    externalRunId: '2366',
    instance: 'http://192.168.64.1:3005/gitlab-org/gitlab-test',
    jobName: 'gitlab-org/gitlab-test',
    status: 'QUEUED',
    url: 'http://192.168.64.1:3005/gitlab-org/gitlab-test/-/pipelines/2366',
  });
  expect(build).not.toHaveProperty('isConcluded');
  expect(stages).toEqual([
    expect.objectContaining({
      externalId: '1977',
      name: 'test',
      group: 'test',
      status: 'QUEUED',
      queueDurationMs: 968,
      agentName: 'shared-runners-manager-6.gitlab.com',
    }),
  ]);
  expect(stages?.[0]).not.toHaveProperty('order');
});

test('what happens in a whole instance is told by the body', () => {
  const { build } = factsOf('GITLAB', 'System Hook', ofPipeline({}));

  expect(build?.externalRunId).toBe('31');
});

test.each([
  ['Push Hook', { object_kind: 'push' }],
  ['Job Hook', fixture('go-playground/gitlab/build-event.json')], // of a server that names no pipeline
  ['Pipeline Hook', ofPipeline({ id: null })],
  ['Pipeline Hook', null],
])('%s is ignored when it tells of no pipeline', (event, payload) => {
  const told = translate('GITLAB', event, payload);

  expect(told).toEqual({ ignored: expect.any(String) as string });
});

test.each([
  ['head', '1'.repeat(40)],
  ['merge', null],
  ['train', null],
])('a pipeline of refs/merge-requests/12/%s has the commit %s', (ref, commitSha) => {
  const said = { ref: `refs/merge-requests/12/${ref}`, sha: '1'.repeat(40) };

  const ofPipelines = factsOf('GITLAB', 'x', ofPipeline(said));
  const ofJobs = factsOf('GITLAB', 'x', {
    object_kind: 'build',
    build_id: 1,
    pipeline_id: 2,
    ...said,
  });

  expect(ofPipelines.build?.commitSha).toBe(commitSha);
  expect(ofJobs.build?.commitSha).toBe(commitSha);
});
