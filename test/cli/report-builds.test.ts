import { beforeAll, expect, test } from 'vitest';
import { createClient } from '../../src/client/create-client.ts';
import { RecordBuildDocument } from '../../src/client/index.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { checkout } from './checkout.ts';
import { account, builds, github, report } from './report-support.ts';

let shared: TestGateway;
beforeAll(async () => {
  await ensureBuilt();
  shared = await startGateway();
}, 300_000);

const junit = ['--junit', 'target/*.xml'];
test('what is sent again is stored once', async () => {
  const gateway = await account(shared);
  const at = await checkout();

  await report(gateway, at, junit, github);
  const { stdout } = await report(gateway, at, junit, github);

  expect(stdout).toContain('results: 0 accepted, 6 duplicates, 0 rejected');
  expect(await builds(gateway)).toMatchObject([{ testResults: { totalCount: 6 } }]);
});

test('legs of a matrix that report at once are jobs of one build', async () => {
  const gateway = await account(shared);
  const at = await checkout();
  const legs = ['linux', 'macos', 'windows'];

  const ends = await Promise.all(
    legs.map((leg) =>
      report(gateway, at, [...junit, '--variant', leg, '--status', 'failure', '--fail-on-error'], {
        ...github,
        RUNNER_TRACKING_ID: `github_${leg}`,
      }),
    ),
  );

  expect(ends.map(({ exit }) => exit)).toEqual([0, 0, 0]);
  const [build, ...others] = await builds(gateway);
  expect(others).toEqual([]);
  expect(build).toMatchObject({ status: 'IN_PROGRESS', testResults: { totalCount: 18 } });
  expect(build?.stages.nodes.map(({ name }) => name).sort()).toEqual([
    'unit (linux)',
    'unit (macos)',
    'unit (windows)',
  ]);
  expect(build?.stages.nodes.map(({ status }) => status)).toEqual(Array(3).fill('FAILURE'));
});

test('a job that ends does not end the run, --build-status does', async () => {
  const gateway = await account(shared);
  const at = await checkout();

  await report(gateway, at, ['--status', 'success'], github);
  const during = await builds(gateway);
  await report(gateway, at, ['--build-status', 'failure', '--stage', 'last'], github);
  await report(gateway, at, ['--status', 'success', '--stage', 'late'], github);

  expect(during).toMatchObject([{ status: 'IN_PROGRESS', completedAt: null }]);
  expect(await builds(gateway)).toMatchObject([
    { status: 'FAILURE', statusRaw: 'failure', completedAt: expect.any(String) as string },
  ]);
});

test('the id of a job that webhooks know makes both one stage', async () => {
  const gateway = await account(shared);
  const at = await checkout();

  await report(gateway, at, ['--stage-id', '29679449', '--status', 'cancelled'], github);
  await report(gateway, at, ['--stage-id', '29679449', '--status', ''], github);

  expect(await builds(gateway)).toMatchObject([
    { stages: { nodes: [{ name: 'unit', externalId: '29679449', status: 'ABORTED' }] } },
  ]);
});

test('a run that something else has reported is the same build', async () => {
  const gateway = await account(shared);
  const at = await checkout();
  const { query } = createClient({ url: `${gateway.url}/graphql`, apiKey: gateway.key });
  await query(RecordBuildDocument, {
    input: {
      source: 'github-actions',
      instance: 'https://github.com/acme/widgets/actions/workflows/ci.yml',
      externalRunId: '7012345678',
      repository: { owner: 'acme', name: 'widgets' },
      jobName: 'CI',
      status: 'SUCCESS',
    },
  });

  await report(gateway, at, junit, github);

  expect(await builds(gateway)).toMatchObject([
    { status: 'SUCCESS', number: 42, cause: 'push', testResults: { totalCount: 6 } },
  ]);
});

test('options overrule what is detected', async () => {
  const gateway = await account(shared);
  const at = await checkout();

  await report(
    gateway,
    at,
    [
      ...['--repository', 'other/group/thing', '--branch', 'b', '--commit', 'c0ffee', '--job', 'j'],
      ...['--number', '9', '--build-url', 'https://ci/9', '--cause', 'schedule', '--run-id', 'r9'],
    ],
    github,
  );

  expect(await builds(gateway)).toMatchObject([
    {
      repository: { fullName: 'other/group/thing' },
      branch: 'b',
      commitSha: 'c0ffee',
      treeSha: null, // of another commit
      jobName: 'j',
      number: 9,
      url: 'https://ci/9',
      cause: 'schedule',
      externalRunId: 'r9',
    },
  ]);
});

test('results of a changed checkout do not count for its commit', async () => {
  const gateway = await account(shared);
  const at = await checkout();
  await at.write('widget.txt', 'changed');

  const { stderr } = await report(gateway, at, [...junit, '--status', '0']);

  expect(stderr).toContain('changes that are not committed');
  expect(await builds(gateway)).toMatchObject([
    { status: 'SUCCESS', branch: 'main', commitSha: null, treeSha: null },
  ]);
});

test('two runs without a CI are two builds, unless they name one', async () => {
  const gateway = await account(shared);
  const at = await checkout();

  await report(gateway, at, junit);
  await report(gateway, at, junit);
  await report(gateway, at, [...junit, '--run-id', 'mine']);
  await report(gateway, at, [...junit, '--run-id', 'mine']);

  expect(await builds(gateway)).toHaveLength(3);
});

test('without Git the reporter needs to be told the repository', async () => {
  const gateway = await account(shared);
  const at = await checkout('/srv/git/widgets');

  const { exit, stderr } = await report(gateway, at, junit);

  expect(exit).toBe(0);
  expect(stderr).toContain('give --repository owner/name');
});
