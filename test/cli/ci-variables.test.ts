import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeDryRun } from '../../src/cli/report/dry-run.ts';
import { describeReport } from '../../src/cli/report/describe-report.ts';
import { detectCi } from '../../src/cli/report/ci-systems.ts';
import { translateBuildkite } from '../../src/webhooks/buildkite.ts';

async function factsOf(env: Readonly<Record<string, string>>) {
  return (await detectCi(env, tmpdir()))?.facts;
}

async function factsOfTeamCity(properties: Readonly<Record<string, string>>) {
  const path = join(await mkdtemp(join(tmpdir(), 'teamcity-')), 'build.properties');
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  await writeFile(path, lines.join('\n'));
  return factsOf({ TEAMCITY_VERSION: '2026.1', TEAMCITY_BUILD_PROPERTIES_FILE: path });
}

test('a merged-results pipeline of GitLab is of the commit of its branch', async () => {
  const facts = await factsOf({
    GITLAB_CI: 'true',
    CI_COMMIT_SHA: 'a'.repeat(40),
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: 'b'.repeat(40),
  });

  expect(facts?.build.commitSha).toBe('b'.repeat(40));
});

test('a pull request in TeamCity is of its own branch', async () => {
  const facts = await factsOfTeamCity({
    'teamcity.build.branch': 'pull/17',
    'teamcity.pullRequest.number': '17',
    'teamcity.pullRequest.source.branch': 'refs/heads/feature/one',
  });

  expect(facts?.build).toMatchObject({ branch: 'feature/one', pullRequest: 17 });
});

test.each([
  ['Git', 'vcs'],
  ['Schedule Trigger', 'schedule'],
  ['Snapshot dependency', 'snapshotDependency'],
  ['Ann Smith', undefined],
  ['constructor', undefined],
])('a build of TeamCity that was triggered by %s has the cause %s', async (said, cause) => {
  const facts = await factsOfTeamCity({ 'teamcity.build.triggeredBy': said });

  expect(facts?.build.cause).toBe(cause);
});

test('a job of Buildkite that is known by its command alone has a name that is stored, and shown in one line', async () => {
  const command = `set -e\n${'make check '.repeat(100)}`;
  const env = { BUILDKITE: 'true', BUILDKITE_JOB_ID: '1', BUILDKITE_COMMAND: command };

  const report = await describeReport(
    { env, cwd: tmpdir(), now: new Date() },
    { retries: 0, timeout: 1 },
  );

  const none = { tests: [], coverage: [], security: [], logs: [] };
  const shown = describeDryRun(report, none, 'nowhere').find((line) => line.includes('set -e'));
  const told = translateBuildkite({
    ...{ provider: 'BUILDKITE', event: 'job.finished', receivedAt: new Date() },
    payload: { build: { id: '1' }, job: { id: '1', command } },
  });
  expect(report.stage?.name).toBe(command.slice(0, 512));
  expect(told).toMatchObject({ stages: [{ name: report.stage?.name }] });
  expect(shown?.length).toBeLessThan(110);
  expect(shown).toMatch(/set -e make check .*…$/);
});

test.each([
  ['Woodpecker', { CI: 'woodpecker', CI_WORKFLOW_NUMBER: '1' }],
  ['Drone', { DRONE: 'true', DRONE_STAGE_NUMBER: '1' }],
  ['CircleCI', { CIRCLECI: 'true', CIRCLE_WORKFLOW_JOB_ID: '1', CIRCLE_NODE_TOTAL: '1' }],
])('a job that %s does not name has no empty name', async (_ci, env) => {
  const facts = await factsOf(env);

  expect(facts?.job?.externalId).toBe('1');
  expect(facts?.job?.name).toBeUndefined();
});

test.each([
  ['the home of Jenkins', { JENKINS_HOME: '/var/jenkins_home' }],
  ['a tag of Jenkins', { BUILD_TAG: 'jenkins-widgets-7' }],
])(
  'a build with %s is one of Jenkins, also without an address of the server',
  async (_what, env) => {
    const build = { BUILD_NUMBER: '7', JOB_NAME: 'widgets' };

    const ci = await detectCi({ ...build, ...env }, tmpdir());
    const without = await detectCi({ ...env, JOB_NAME: 'widgets' }, tmpdir());

    expect(ci).toMatchObject({
      name: 'Jenkins',
      facts: { build: { jobName: 'widgets', number: 7 } },
    });
    expect(without?.name).not.toBe('Jenkins');
  },
);
