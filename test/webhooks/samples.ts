/** Webhooks of CI systems that publish none, made from their documents (Contract: buildbutler.md 9.3 and 9.7). */
export const buildkitePipeline = {
  slug: 'widgets',
  name: 'Widgets',
  web_url: 'https://buildkite.com/acme/widgets',
  repository: 'git@github.com:acme/widgets.git',
  default_branch: 'main',
};

export const buildkiteBuild = {
  id: '01916c1e-7f51-4bc6-8e6f-1d3bd1c5b7a1',
  number: 7,
  state: 'passed',
  blocked: false,
  branch: 'feature',
  commit: 'c'.repeat(40),
  source: 'webhook',
  web_url: 'https://buildkite.com/acme/widgets/builds/7',
  created_at: '2026-03-02 10:00:00 UTC',
  scheduled_at: '2026-03-02 10:00:01 UTC',
  started_at: '2026-03-02 10:00:05 UTC',
  finished_at: '2026-03-02 10:01:05 UTC',
  creator: { name: 'Ada' },
  pull_request: { id: '12' },
};

export const buildkiteJob = {
  id: '0191-job',
  type: 'script',
  name: ':rspec: Tests',
  step_key: 'tests',
  command: 'make test',
  state: 'passed',
  exit_status: 0,
  soft_failed: false,
  runnable_at: '2026-03-02T10:00:02Z',
  started_at: '2026-03-02T10:00:05Z',
  finished_at: '2026-03-02T10:00:35Z',
  retries_count: 1,
  web_url: 'https://buildkite.com/acme/widgets/builds/7#0191-job',
  agent: { name: 'agent-1' },
};

export const teamcityBuild = {
  id: 501,
  buildTypeId: 'Acme_Widgets_Test',
  number: '17',
  status: 'SUCCESS',
  state: 'finished',
  branchName: 'refs/heads/feature',
  webUrl: 'https://ci.example.com/teamcity/viewLog.html?buildId=501&buildTypeId=Acme_Widgets_Test',
  queuedDate: '20260302T095950+0000',
  startDate: '20260302T110000+0100',
  finishDate: '20260302T100500+0000',
  buildType: { id: 'Acme_Widgets_Test', name: 'Test' },
  agent: { name: 'agent-9' },
  triggered: { type: 'vcs', user: { username: 'ada' } },
  revisions: {
    revision: [
      {
        version: 'a1'.repeat(20),
        vcsBranchName: 'refs/heads/main',
        'vcs-root-instance': { name: 'https://github.com/acme/widgets#refs/heads/main' },
      },
    ],
  },
};
