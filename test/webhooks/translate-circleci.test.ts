import { expect, test } from 'vitest';
import { factsOf, fixture, translate } from './translate.ts';

test('every row of the contract for a workflow of CircleCI reaches the build', () => {
  const { build } = factsOf(
    'CIRCLECI',
    'workflow-completed',
    fixture('circleci/github_workflow_completed.json'),
  );

  expect(build).toMatchObject({
    repository: {
      owner: 'zulip-testing',
      name: 'circleci-webhook-test',
      provider: 'github',
      url: 'https://github.com/zulip-testing/circleci-webhook-test',
    },
    source: 'circleci',
    externalRunId: '7381218b-d04c-4aa3-b8b8-8c00a9319d1f',
    jobName: 'sample',
    number: 4,
    status: 'SUCCESS',
    statusRaw: 'success',
    isConcluded: true,
    startedAt: new Date('2022-09-20T12:54:26.737Z'),
    completedAt: new Date('2022-09-20T12:54:38.599Z'),
    durationMs: 11_862,
    branch: 'main',
    commitSha: 'a5e30a908224e46626a796d058289475f6d387b5',
    cause: 'webhook',
    url: 'https://app.circleci.com/pipelines/github/zulip-testing/circleci-webhook-test/4/workflows/7381218b-d04c-4aa3-b8b8-8c00a9319d1f',
  });
});

test('branch, commit and repository of a GitLab project stand in the parameters of its trigger', () => {
  const { build } = factsOf(
    'CIRCLECI',
    'workflow-completed',
    fixture('circleci/gitlab_workflow_completed.json'),
  );

  expect(build).toMatchObject({
    repository: { owner: 'zulip-testing', name: 'circleci-webhook-test', provider: 'gitlab' },
    branch: 'main',
    commitSha: 'c31f86994c54672f97b5bd5e544315b7bd40e4c1',
    triggeredBy: 'hariprashant1',
  });
});

test('a job gives a stage of its workflow, which goes on', () => {
  const { build, stages } = factsOf(
    'CIRCLECI',
    'job-completed',
    fixture('circleci/github_job_completed.json'),
  );

  expect(build).toMatchObject({
    externalRunId: '7381218b-d04c-4aa3-b8b8-8c00a9319d1f',
    jobName: 'sample',
    status: 'IN_PROGRESS',
  });
  expect(build).not.toHaveProperty('completedAt');
  expect(stages).toEqual([
    {
      externalId: 'bc772f25-9fd4-49f3-a3b8-d5a0cb5a2ab6',
      name: 'build-and-test',
      status: 'SUCCESS',
      statusRaw: 'success',
      startedAt: new Date('2022-09-20T12:54:28.900Z'),
      completedAt: new Date('2022-09-20T12:54:38.599Z'),
      durationMs: 9_699,
      url: 'https://app.circleci.com/pipelines/github/zulip-testing/circleci-webhook-test/4/workflows/7381218b-d04c-4aa3-b8b8-8c00a9319d1f/jobs/6',
    },
  ]);
});

const workflow = { id: '045c6271-78e2-4802-8a62-f4fa6d25d0c9', name: 'sample' };

test.each([
  ['success', 'SUCCESS'],
  ['failed', 'FAILURE'],
  ['error', 'FAILURE'],
  ['canceled', 'ABORTED'],
  ['unauthorized', 'NOT_BUILT'],
  ['a word of next year', 'OTHER'],
])('a workflow that ended in %s is %s', (word, status) => {
  const { build } = factsOf('CIRCLECI', 'workflow-completed', {
    workflow: { ...workflow, status: word },
  });

  expect(build).toMatchObject({ status, statusRaw: word, isConcluded: true });
});

test.each([
  ['success', 'SUCCESS'],
  ['failed', 'FAILURE'],
  ['canceled', 'ABORTED'],
  ['unauthorized', 'SKIPPED'],
])('a job that ended in %s is %s', (word, status) => {
  const { stages } = factsOf('CIRCLECI', 'job-completed', {
    workflow,
    job: { id: 'bc772f25', name: 'build', status: word },
  });

  expect(stages?.[0]?.status).toBe(status);
});

test('a tag stands for the branch, and the branch of a pull request names it', () => {
  const tag = factsOf('CIRCLECI', 'workflow-completed', {
    workflow,
    pipeline: { vcs: { branch: null, tag: 'v1.0' } },
    project: { slug: 'gh/acme/widgets' },
  });
  const pull = factsOf('CIRCLECI', 'workflow-completed', {
    workflow,
    pipeline: { vcs: { branch: 'pull/12' } },
  });

  expect(tag.build).toMatchObject({
    branch: 'v1.0',
    repository: { owner: 'acme', name: 'widgets', provider: 'github' },
  });
  expect(pull.build).toMatchObject({ branch: 'pull/12', pullRequest: 12 });
});

test.each([
  ['ping', fixture('circleci/ping.json')],
  ['workflow-completed', {}],
  ['unknown', {}],
])('%s is ignored when it tells of no workflow', (event, payload) => {
  const told = translate('CIRCLECI', event, payload);

  expect(told).toEqual({ ignored: expect.any(String) as string });
});
