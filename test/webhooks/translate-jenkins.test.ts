import { expect, test } from 'vitest';
import { factsOf, fixture, receivedAt, translate } from './translate.ts';

const build = {
  full_url: 'https://jenkins.example.com/job/tools/job/widgets/148/',
  number: 148,
  phase: 'COMPLETED',
  status: 'SUCCESS',
  url: 'job/tools/job/widgets/148/',
  timestamp: Date.UTC(2026, 2, 2, 10, 1, 0),
  duration: 60_000,
  scm: {
    url: 'https://github.com/acme/widgets.git',
    branch: 'origin/main',
    commit: 'f'.repeat(40),
  },
};

const ofBuild = (more: object) => ({
  name: 'widgets',
  display_name: 'Widgets',
  url: 'job/tools/job/widgets/',
  build: { ...build, ...more },
});

test('every row of the contract for the Notification plugin reaches the build', () => {
  const told = factsOf('JENKINS', 'COMPLETED', ofBuild({}));

  expect(told.build).toEqual({
    repository: {
      owner: 'acme',
      name: 'widgets',
      provider: 'github',
      url: 'https://github.com/acme/widgets',
      defaultBranch: null,
    },
    source: 'jenkins',
    instance: 'https://jenkins.example.com/job/tools/job/widgets/',
    jobUrl: 'https://jenkins.example.com/job/tools/job/widgets/',
    externalRunId: '148',
    jobName: 'tools/widgets',
    jobDisplayName: 'Widgets',
    number: 148,
    status: 'SUCCESS',
    statusRaw: 'SUCCESS',
    isConcluded: true,
    startedAt: null,
    completedAt: new Date('2026-03-02T10:01:00Z'),
    durationMs: 60_000,
    branch: 'main',
    commitSha: 'f'.repeat(40),
    url: 'https://jenkins.example.com/job/tools/job/widgets/148/',
  });
});

test('the status of a build that has begun is that of the build before', () => {
  const told = factsOf('JENKINS', 'STARTED', ofBuild({ phase: 'STARTED', status: 'FAILURE' }));

  expect(told.build).toMatchObject({
    status: 'IN_PROGRESS',
    statusRaw: 'STARTED',
    isConcluded: false,
    startedAt: new Date('2026-03-02T10:01:00Z'),
    completedAt: null,
    durationMs: null,
  });
});

test.each([
  ['QUEUED', 'x', 'QUEUED'],
  ['COMPLETED', 'SUCCESS', 'SUCCESS'],
  ['COMPLETED', 'FAILURE', 'FAILURE'],
  ['COMPLETED', 'UNSTABLE', 'UNSTABLE'],
  ['COMPLETED', 'ABORTED', 'ABORTED'],
  ['COMPLETED', 'NOT_BUILT', 'NOT_BUILT'],
  ['FINISHED', 'SUCCESS', 'SUCCESS'],
  ['FINALIZED', 'FAILURE', 'FAILURE'],
])('a build in phase %s with status %s is %s', (phase, status, expected) => {
  const told = factsOf('JENKINS', phase, ofBuild({ phase, status }));

  expect(told.build?.status).toBe(expected);
});

test('a plugin that says no time means now, and one that says no address leaves the place open', () => {
  const told = factsOf('JENKINS', 'FINISHED', fixture('jenkins-notification/finished_old.json'));

  expect(told.build).toMatchObject({
    jobName: 'support',
    instance: null,
    externalRunId: '148',
    status: 'SUCCESS',
    completedAt: receivedAt,
  });
});

test.each([
  ['a phase that says nothing', ofBuild({ phase: 'INPUT' })],
  ['no number', ofBuild({ number: null })],
  ['no build', { name: 'widgets' }],
  ['nothing', null],
])('what tells %s of a build is ignored', (_what, payload) => {
  const told = translate('JENKINS', 'unknown', payload);

  expect(told).toEqual({ ignored: expect.any(String) as string });
});
