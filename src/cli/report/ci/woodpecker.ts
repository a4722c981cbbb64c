import { type CiSystem, toInstant, toNumber } from '../ci-facts.ts';

export const woodpecker: CiSystem = {
  name: 'Woodpecker CI',
  isRunning: (env) => env['CI'] === 'woodpecker' || env['CI_SYSTEM_NAME'] === 'woodpecker',
  read: (env) => {
    const number = env['CI_PIPELINE_NUMBER'] ?? env['CI_BUILD_NUMBER'];
    const url = env['CI_PIPELINE_URL'] ?? env['CI_BUILD_LINK'];
    const workflow = env['CI_WORKFLOW_NUMBER'];
    return {
      build: {
        source: 'woodpecker',
        instance: url?.replace(/\/(pipeline\/)?\d+(\/\d+)*$/, ''),
        externalRunId: number,
        repository: env['CI_REPO'],
        repositoryUrl: env['CI_REPO_URL'],
        jobName: env['CI_REPO'],
        number: toNumber(number),
        url,
        branch: env['CI_COMMIT_SOURCE_BRANCH'] ?? env['CI_COMMIT_BRANCH'] ?? env['CI_COMMIT_TAG'],
        commitSha: env['CI_COMMIT_SHA'],
        pullRequest: toNumber(env['CI_COMMIT_PULL_REQUEST']),
        cause: env['CI_PIPELINE_EVENT'],
        triggeredBy: env['CI_PIPELINE_AUTHOR'] ?? env['CI_COMMIT_AUTHOR'],
        agentName: env['CI_MACHINE'],
        startedAt: toInstant(env['CI_PIPELINE_STARTED']),
      },
      job: {
        externalId: workflow && [workflow, env['CI_STEP_NUMBER']].filter(Boolean).join('.'),
        name:
          [env['CI_WORKFLOW_NAME'], env['CI_STEP_NAME']].filter(Boolean).join(' / ') || undefined,
        url: env['CI_STEP_URL'],
        startedAt: toInstant(env['CI_STEP_STARTED']),
      },
    };
  },
};
