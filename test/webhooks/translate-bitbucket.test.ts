import { expect, test } from 'vitest';
import { factsOf, fixture, translate } from './translate.ts';

const event = 'repo:commit_status_updated';

test('every row of the contract for a status of a commit reaches the build', () => {
  const { build } = factsOf(
    'BITBUCKET',
    event,
    fixture('go-playground/bitbucket/repo-commit-status-updated.json'),
  );

  expect(build).toMatchObject({
    repository: {
      owner: 'team_name',
      name: 'repo_name',
      provider: 'bitbucket',
      url: 'https://bitbucket.org/team_name/repo_name',
    },
    instance: 'https://bitbucket.org/team_name/repo_name',
    externalRunId: '9fec847784abb10b2fa567ee63b85bd238955d0e:mybuildtool',
    jobName: 'Unit Tests (Python)',
    status: 'SUCCESS',
    statusRaw: 'SUCCESSFUL',
    isConcluded: true,
    startedAt: new Date('2015-11-19T20:37:35.547Z'),
    completedAt: new Date('2015-11-20T08:01:16.433Z'),
    durationMs: 41_020_886,
    commitSha: '9fec847784abb10b2fa567ee63b85bd238955d0e',
    url: 'https://my-build-tool.com/builds/MY-PROJECT/BUILD-792',
    triggeredBy: 'emmap1',
  });
});

const status = {
  state: 'SUCCESSFUL',
  key: '1234567890',
  name: 'Pipeline #42 for main',
  refname: 'main',
  url: 'https://bitbucket.org/acme/widgets/addon/pipelines/home#!/results/42',
  links: { commit: { href: `https://api.bitbucket.org/2.0/x/commit/${'e'.repeat(40)}` } },
};

const ofStatus = (more: object) => ({
  repository: { full_name: 'acme/widgets' },
  commit_status: { ...status, ...more },
});

test.each([
  'https://bitbucket.org/acme/widgets/addon/pipelines/home#!/results/42',
  'https://bitbucket.org/acme/widgets/pipelines/results/42',
])('a pipeline is known by the number in %s', (url) => {
  const { build } = factsOf('BITBUCKET', event, ofStatus({ url }));

  expect(build).toMatchObject({
    externalRunId: '42',
    number: 42,
    jobName: 'acme/widgets',
    jobDisplayName: 'Pipeline #42 for main',
    branch: 'main',
    commitSha: 'e'.repeat(40),
  });
});

test.each([
  ['INPROGRESS', 'IN_PROGRESS', false],
  ['SUCCESSFUL', 'SUCCESS', true],
  ['FAILED', 'FAILURE', true],
  ['STOPPED', 'ABORTED', true],
])('a status that is %s is %s', (state, expected, isConcluded) => {
  const { build } = factsOf('BITBUCKET', event, ofStatus({ state }));

  expect(build).toMatchObject({ status: expected, isConcluded });
});

test.each([
  ['repo:push', fixture('go-playground/bitbucket/repo-push.json')],
  ['pullrequest:created', fixture('go-playground/bitbucket/pull-request-created.json')],
  ['diagnostics:ping', { test: true }],
  [event, ofStatus({ url: null, key: null })],
  [event, {}],
])('%s is ignored when it tells of no build', (name, payload) => {
  const told = translate('BITBUCKET', name, payload);

  expect(told).toEqual({ ignored: expect.any(String) as string });
});
