import { expect, test } from 'vitest';
import { presentVariables } from '../../src/cli/report/ci-facts.ts';
import { detectCi } from '../../src/cli/report/ci-systems.ts';
import { canonicalSource } from '../../src/domain/ci-source.ts';
import type { TranslateWebhook } from '../../src/ingest/webhook-translation.ts';
import { translateAzure } from '../../src/webhooks/azure.ts';
import { translateBitbucket } from '../../src/webhooks/bitbucket.ts';
import { translateBuildkite } from '../../src/webhooks/buildkite.ts';
import { translateCircleCI } from '../../src/webhooks/circleci.ts';
import { translateGitHub } from '../../src/webhooks/github.ts';
import { translateGitLab } from '../../src/webhooks/gitlab.ts';
import { translateJenkins } from '../../src/webhooks/jenkins.ts';
import { translateTeamCity } from '../../src/webhooks/teamcity.ts';
import { checkout } from './checkout.ts';
import { ciForges } from './ci-forges.ts';
import { ciServers } from './ci-servers.ts';
import { ciServices } from './ci-services.ts';

const environments = { ...ciForges, ...ciServers, ...ciServices };

/** A webhook about the run whose variables have this name, with no more in it than what names the run. */
const webhooks: readonly [string, TranslateWebhook, string, object][] = [
  [
    'GitHub Actions, a pull request',
    translateGitHub,
    'workflow_run',
    {
      action: 'requested',
      repository: { full_name: 'acme/widgets', html_url: 'https://github.com/acme/widgets' },
      workflow: { path: '.github/workflows/ci.yml', name: 'CI' },
      workflow_run: { id: 7012345678, status: 'queued', conclusion: null, run_number: 42 },
    },
  ],
  [
    'GitLab CI, in after_script',
    translateGitLab,
    'Pipeline Hook',
    {
      object_kind: 'pipeline',
      object_attributes: { id: 555, iid: 12, status: 'running' },
      project: {
        path_with_namespace: 'acme/shop/widgets',
        web_url: 'https://gitlab.com/acme/shop/widgets',
      },
    },
  ],
  [
    'Buildkite',
    translateBuildkite,
    'build.finished',
    {
      build: {
        id: '0198c5a0-7a3e-7cc1-8f6e-2f5f8f1c2d3e',
        state: 'passed',
        web_url: 'https://buildkite.com/acme/widgets-ci/builds/88',
      },
      pipeline: { slug: 'widgets-ci', repository: 'git@github.com:acme/widgets.git' },
    },
  ],
  [
    'Azure Pipelines',
    translateAzure,
    'build.complete',
    {
      resource: {
        id: 4711,
        result: 'succeeded',
        url: 'https://dev.azure.com/acme/71777fbc-1cf2-4bd1-9540-128c1c71f766/_apis/build/Builds/4711',
        project: { name: 'Big Widgets' },
        repository: { id: 'acme/widgets', type: 'GitHub' },
      },
    },
  ],
  [
    'Bitbucket Pipelines, a pull request in after-script',
    translateBitbucket,
    'repo:commit_status_updated',
    {
      repository: { full_name: 'acme/widgets' },
      commit_status: {
        state: 'FAILED',
        url: 'https://bitbucket.org/acme/widgets/addon/pipelines/home#!/results/33',
      },
    },
  ],
  [
    'Jenkins, a multibranch pipeline',
    translateJenkins,
    'COMPLETED',
    {
      name: 'widgets',
      url: 'job/widgets/job/feature%252Fone/',
      build: {
        number: 7,
        phase: 'COMPLETED',
        status: 'UNSTABLE',
        full_url: 'https://jenkins.acme.com/job/widgets/job/feature%252Fone/7/',
        scm: { url: 'https://git.example.com/scm/acme/widgets.git' },
      },
    },
  ],
];

test.each(webhooks)(
  'a run of %s has the names that its webhook gives it',
  async (name, translate, event, payload) => {
    const at = await checkout();
    const env = presentVariables((await environments[name]?.variables(at)) ?? {});

    const reported = (await detectCi(env, at.dir))?.facts.build;
    const told = translate({ provider: 'GITHUB', event, payload, receivedAt: new Date() });

    const { instance, externalRunId, source, repository } =
      ('build' in told ? told.build : undefined) ?? {};
    expect(reported).toMatchObject({ instance, externalRunId });
    expect(reported?.source).toBe(canonicalSource(source ?? ''));
    expect(reported?.repository).toBe(`${repository?.owner ?? ''}/${repository?.name ?? ''}`);
  },
);

test('a workflow of CircleCI has the id that its webhook gives it, a UUID', async () => {
  const at = await checkout();
  const name = 'CircleCI, a pull request';
  const env = presentVariables((await environments[name]?.variables(at)) ?? {});
  const payload = { workflow: { id: 'fda08377-fe7e-46b1-8992-3a7aaecac9c3', status: 'success' } };

  const reported = (await detectCi(env, at.dir))?.facts.build;
  const event = {
    provider: 'CIRCLECI',
    event: 'workflow-completed',
    receivedAt: new Date(),
  } as const;
  const told = translateCircleCI({ ...event, payload });

  expect(told).toMatchObject({ build: { externalRunId: reported?.externalRunId } });
});

test('a build of TeamCity has the server and the id that its webhook gives it', async () => {
  const at = await checkout();
  const env = presentVariables((await environments['TeamCity']?.variables(at)) ?? {});
  const webUrl = 'https://teamcity.acme.com/buildConfiguration/Widgets_Unit/98765';
  const payload = { payload: { id: 98765, webUrl, state: 'finished', status: 'SUCCESS' } };

  const reported = (await detectCi(env, at.dir))?.facts.build;
  const event = { provider: 'TEAMCITY', event: 'BUILD_FINISHED', receivedAt: new Date() } as const;
  const told = translateTeamCity({ ...event, payload });

  const { instance, externalRunId } = reported ?? {};
  expect(told).toMatchObject({ build: { instance, externalRunId } });
});

test('a pull request of Azure has the commit, branch and cause that its webhook gives it', async () => {
  const at = await checkout();
  const name = 'Azure Pipelines, a pull request';
  const env = presentVariables((await environments[name]?.variables(at)) ?? {});
  const resource = {
    id: 4712,
    result: 'succeeded',
    reason: 'pullRequest',
    sourceBranch: 'refs/pull/17/merge',
    sourceVersion: '1'.repeat(40),
    triggerInfo: {
      'pr.number': '17',
      'pr.sourceBranch': 'feature/one',
      'pr.sourceSha': at.commitSha,
    },
  };

  const reported = (await detectCi(env, at.dir))?.facts.build;
  const event = { provider: 'AZURE', event: 'build.complete', receivedAt: new Date() } as const;
  const told = translateAzure({ ...event, payload: { resource } });

  const { branch, cause, commitSha, externalRunId, pullRequest } = reported ?? {};
  expect(commitSha).toBe(at.commitSha);
  expect(told).toMatchObject({ build: { branch, cause, commitSha, externalRunId, pullRequest } });
});
