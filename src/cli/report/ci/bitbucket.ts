import { type CiSystem, toInstant, toNumber, type Variables } from '../ci-facts.ts';

/** Its variables do not say what triggered a pipeline, but for pull requests and tags. */
export const bitbucket: CiSystem = {
  name: 'Bitbucket Pipelines',
  isRunning: (env) => env['BITBUCKET_BUILD_NUMBER'] !== undefined,
  read: (env) => {
    const repository = env['BITBUCKET_REPO_FULL_NAME'];
    const repositoryUrl = repository && `https://bitbucket.org/${repository}`;
    const number = env['BITBUCKET_BUILD_NUMBER'];
    const url = repositoryUrl && number && `${repositoryUrl}/pipelines/results/${number}`;
    const step = env['BITBUCKET_STEP_UUID'];
    const leg = env['BITBUCKET_PARALLEL_STEP'];
    return {
      build: {
        source: 'bitbucket-pipelines',
        instance: repositoryUrl,
        externalRunId: number,
        repository,
        repositoryUrl,
        provider: 'bitbucket',
        jobName: repository,
        number: toNumber(number),
        url,
        jobUrl: repositoryUrl && `${repositoryUrl}/pipelines`,
        branch: env['BITBUCKET_BRANCH'] ?? env['BITBUCKET_TAG'],
        commitSha: env['BITBUCKET_COMMIT'],
        pullRequest: toNumber(env['BITBUCKET_PR_ID']),
        cause: causeOf(env),
        triggeredBy: env['BITBUCKET_STEP_TRIGGERER_UUID'],
        startedAt: toInstant(env['BITBUCKET_PIPELINE_STARTED_ON']),
      },
      job: {
        externalId: step?.replace(/[{}]/g, ''),
        name: leg === undefined ? 'step' : `step #${leg}`,
        url: url && step && `${url}/steps/${encodeURIComponent(step)}`,
        attempt: toNumber(env['BITBUCKET_STEP_RUN_NUMBER']),
        status: env['BITBUCKET_EXIT_CODE'], // set in after-script only
      },
    };
  },
};

function causeOf(env: Variables): string | undefined {
  if (env['BITBUCKET_PR_ID'] !== undefined) return 'pull_request';
  return env['BITBUCKET_TAG'] && 'tag';
}
