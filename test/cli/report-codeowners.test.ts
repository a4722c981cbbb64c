import { beforeAll, expect, test } from 'vitest';
import { createClient } from '../../src/client/create-client.ts';
import { graphql } from '../generated/gql.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { checkout, type TestCheckout } from './checkout.ts';
import { type Account, account, github, report } from './report-support.ts';

let shared: TestGateway;
beforeAll(async () => {
  await ensureBuilt();
  shared = await startGateway();
}, 300_000);

const ReportedOwners = graphql(`
  query ReportedOwners {
    repository(owner: "acme", name: "widgets") {
      defaultBranch
      codeowners {
        path
        commitSha
        dialect
        recordedAt
        ruleCount
      }
    }
  }
`);

async function reportedOwners({ url, key }: Account) {
  const { query } = createClient({ url: `${url}/graphql`, apiKey: key });
  return (await query(ReportedOwners)).repository;
}

/** A checkout with these files in its last commit. */
async function committed(files: Readonly<Record<string, string>>): Promise<TestCheckout> {
  const at = await checkout();
  for (const [name, content] of Object.entries(files)) await at.write(name, content);
  await at.git('add', ...Object.keys(files));
  await at.git('commit', '--quiet', '--message', 'owners', '--date', '2026-01-02T03:04:05Z');
  return { ...at, commitSha: await at.git('rev-parse', 'HEAD') };
}

const junit = ['--junit', 'target/*.xml', '--fail-on-error'];
const owners = '* @acme/core\n/src/store/ @acme/storage\n';

test('a build of the default branch brings the CODEOWNERS file of its commit along', async () => {
  const gateway = await account(shared);
  const at = await committed({ '.github/CODEOWNERS': owners, CODEOWNERS: '* @not-this-one' });

  const { exit, stdout } = await report(gateway, at, junit, github);

  expect(exit).toBe(0);
  expect(stdout).toContain('.github/CODEOWNERS');
  expect(await reportedOwners(gateway)).toEqual({
    defaultBranch: null,
    codeowners: {
      path: '.github/CODEOWNERS',
      commitSha: at.commitSha,
      dialect: 'GITHUB',
      recordedAt: await committedAt(at),
      ruleCount: 2,
    },
  });
});

async function committedAt(at: TestCheckout): Promise<string> {
  return new Date(await at.git('show', '--no-patch', '--format=%cI')).toISOString();
}

test('what GitLab reads is sent from GitLab, with the default branch it names', async () => {
  const gateway = await account(shared);
  const at = await committed({ '.gitlab/CODEOWNERS': owners, 'docs/CODEOWNERS': '* @docs' });
  const gitlab = {
    GITLAB_CI: 'true',
    CI_PROJECT_PATH: 'acme/widgets',
    CI_PIPELINE_ID: '7',
    CI_COMMIT_SHA: at.commitSha,
    CI_COMMIT_REF_NAME: 'trunk',
    CI_DEFAULT_BRANCH: 'trunk',
  };

  await report(gateway, at, junit, gitlab);

  expect(await reportedOwners(gateway)).toMatchObject({
    defaultBranch: 'trunk',
    codeowners: { path: 'docs/CODEOWNERS', dialect: 'GITLAB', commitSha: at.commitSha },
  });
});

test.each<[string, (at: TestCheckout) => Promise<Record<string, string>>]>([
  ['another branch', () => Promise.resolve({ ...github, GITHUB_REF: 'refs/heads/feature/one' })],
  [
    'a main that is not the default branch',
    async ({ write }) => ({
      ...github,
      GITHUB_EVENT_PATH: await write('event.json', '{"repository":{"default_branch":"trunk"}}'),
    }),
  ],
  [
    "a fork's main",
    async ({ commitSha, write }) => ({
      ...github,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: await write(
        'event.json',
        JSON.stringify({
          repository: { default_branch: 'main' },
          pull_request: { number: 3, head: { ref: 'main', sha: commitSha } },
        }),
      ),
    }),
  ],
  [
    'another commit than the one that is checked out',
    () => Promise.resolve({ ...github, GITHUB_SHA: '1111111111111111111111111111111111111111' }),
  ],
])('of a build of %s no owners are sent', async (_what, variables) => {
  const gateway = await account(shared);
  const at = await committed({ CODEOWNERS: owners });

  const { exit } = await report(gateway, at, junit, await variables(at));

  expect(exit).toBe(0);
  expect(await reportedOwners(gateway)).toMatchObject({ codeowners: null });
});

test('the default branch that the event of GitHub Actions names is learnt', async () => {
  const gateway = await account(shared);
  const at = await committed({ CODEOWNERS: owners });
  const event = await at.write('event.json', '{"repository":{"default_branch":"trunk"}}');
  const env = { ...github, GITHUB_REF: 'refs/heads/trunk', GITHUB_EVENT_PATH: event };

  await report(gateway, at, junit, env);

  expect(await reportedOwners(gateway)).toMatchObject({
    defaultBranch: 'trunk',
    codeowners: { path: 'CODEOWNERS' },
  });
});

test('a file larger than the gateway takes does not stop the report', async () => {
  const gateway = await account(shared);
  const at = await committed({ CODEOWNERS: `# ${'x'.repeat(3 * 1_024 * 1_024)}\n* @acme/core` });

  const { exit, stdout } = await report(gateway, at, junit, github);

  expect(exit).toBe(0);
  expect(stdout).toContain('results: 6 accepted');
  expect(await reportedOwners(gateway)).toMatchObject({ codeowners: null });
});
