import { expect, test } from 'vitest';
import { factsOf, fixture, translate } from './translate.ts';

test('every row of the contract for a build of Azure DevOps, version 1.0, reaches the build', () => {
  const { build } = factsOf(
    'AZURE',
    'build.complete',
    fixture('go-playground/azuredevops/build.complete.json'),
  );

  expect(build).toMatchObject({
    source: 'azure',
    instance:
      'https://dev.azure.com/fabrikam-fiber-inc/DefaultCollection/71777fbc-1cf2-4bd1-9540-128c1c71f766',
    externalRunId: '2',
    jobName: 'ConsumerAddressModule',
    number: 2,
    status: 'SUCCESS',
    statusRaw: 'succeeded',
    isConcluded: true,
    startedAt: new Date('2015-04-07T18:04:06.830Z'),
    completedAt: new Date('2015-04-07T18:06:10.690Z'),
    durationMs: 123_860,
    branch: 'master',
    commitSha: '600c52d2d5b655caa111abfd863e5a9bd304bb0e',
    cause: 'manual',
    triggeredBy: 'Normal Paulk',
  });
});

const resource = {
  id: 77,
  buildNumber: '20260302.1',
  url: 'https://dev.azure.com/acme/be9b3917-87e6-42a4-a549-2bc06a7a878f/_apis/build/Builds/77',
  status: 'completed',
  result: 'succeeded',
  queueTime: '2026-03-02T09:59:58.1234567Z',
  startTime: '2026-03-02T10:00:00.1234567Z',
  finishTime: '2026-03-02T10:01:00.6234567Z',
  sourceBranch: 'refs/heads/feature/x',
  sourceVersion: 'd'.repeat(40),
  reason: 'individualCI',
  definition: { id: 3, name: 'CI' },
  project: { name: 'Our Widgets' },
  repository: {
    type: 'TfsGit',
    url: 'https://dev.azure.com/acme/Our%20Widgets/_git/widgets',
    defaultBranch: 'refs/heads/main',
  },
  requestedFor: { displayName: 'Ada' },
  _links: { web: { href: 'https://dev.azure.com/acme/Our%20Widgets/_build/results?buildId=77' } },
};

const ofBuild = (more: object) => ({ resource: { ...resource, ...more } });

test('every row of the contract for a build of Azure DevOps, version 2.0, reaches the build', () => {
  const { build } = factsOf('AZURE', 'build.complete', ofBuild({}));

  expect(build).toMatchObject({
    repository: { owner: 'acme/Our Widgets', name: 'widgets', defaultBranch: 'main' },
    instance: 'https://dev.azure.com/acme/Our%20Widgets',
    externalRunId: '77',
    jobName: 'CI',
    number: 77,
    status: 'SUCCESS',
    statusRaw: 'succeeded',
    startedAt: new Date('2026-03-02T10:00:00.123Z'),
    completedAt: new Date('2026-03-02T10:01:00.623Z'),
    durationMs: 60_500,
    queueDurationMs: 2_000,
    branch: 'feature/x',
    commitSha: 'd'.repeat(40),
    cause: 'individualCI',
    url: 'https://dev.azure.com/acme/Our%20Widgets/_build/results?buildId=77',
    triggeredBy: 'Ada',
  });
});

test.each([
  [{ status: 'succeeded', result: undefined }, 'SUCCESS'],
  [{ status: 'partiallySucceeded', result: undefined }, 'UNSTABLE'],
  [{ status: 'failed', result: undefined }, 'FAILURE'],
  [{ status: 'stopped', result: undefined }, 'ABORTED'],
  [{ result: 'partiallySucceeded' }, 'UNSTABLE'],
  [{ result: 'failed' }, 'FAILURE'],
  [{ result: 'canceled' }, 'ABORTED'],
  [{ result: 'none' }, 'OTHER'],
])('a build with %o is %s', (more, status) => {
  const { build } = factsOf('AZURE', 'build.complete', ofBuild(more));

  expect(build?.status).toBe(status);
});

test('a pull request is on its own branch where that is said', () => {
  const sourceBranch = 'refs/pull/12/merge';

  const bare = factsOf('AZURE', 'build.complete', ofBuild({ sourceBranch }));
  const said = factsOf(
    'AZURE',
    'build.complete',
    ofBuild({
      sourceBranch,
      triggerInfo: { 'pr.number': '13', 'pr.sourceBranch': 'refs/heads/feature' },
    }),
  );

  expect(bare.build).toMatchObject({ branch: '12/merge', pullRequest: 12 });
  expect(said.build).toMatchObject({ branch: 'feature', pullRequest: 13 });
});

test('code on GitHub is in its repository there', () => {
  const { build } = factsOf(
    'AZURE',
    'build.complete',
    ofBuild({ repository: { type: 'GitHub', id: 'acme/widgets' } }),
  );

  expect(build?.repository).toMatchObject({ owner: 'acme', name: 'widgets', provider: 'github' });
});

test('the project stands in the containers where the build has no address', () => {
  const { build } = factsOf('AZURE', 'build.complete', {
    ...ofBuild({ url: undefined, project: undefined }),
    resourceContainers: { project: { id: 'be9b3917', baseUrl: 'https://dev.azure.com/acme/' } },
  });

  expect(build?.instance).toBe('https://dev.azure.com/acme/be9b3917');
});

test.each([
  ['git.push', fixture('go-playground/azuredevops/git.push.json')],
  ['ms.vss-pipelines.run-state-changed-event', ofBuild({})],
  ['build.complete', {}],
])('%s is ignored when it tells of no build', (event, payload) => {
  const told = translate('AZURE', event, payload);

  expect(told).toEqual({ ignored: expect.any(String) as string });
});
