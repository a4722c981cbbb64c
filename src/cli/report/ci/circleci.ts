import { type CiSystem, toNumber, type Variables } from '../ci-facts.ts';
import { repositoryOfRemote } from '../repository-name.ts';

/** Its variables name neither the workflow, nor the number of the pipeline, nor what triggered it. */
export const circleci: CiSystem = {
  name: 'CircleCI',
  isRunning: (env) => env['CIRCLECI'] === 'true',
  read: (env) => {
    const workflow = env['CIRCLE_WORKFLOW_ID'];
    const job = env['CIRCLE_WORKFLOW_JOB_ID'] ?? env['CIRCLE_BUILD_NUM'];
    const leg = toNumber(env['CIRCLE_NODE_TOTAL']) === 1 ? undefined : env['CIRCLE_NODE_INDEX'];
    const pullRequest = toNumber(env['CIRCLE_PULL_REQUEST']?.split('/').at(-1));
    return {
      build: {
        source: 'circleci',
        externalRunId: workflow,
        repository: repositoryOf(env),
        jobName: env['CIRCLE_PROJECT_REPONAME'],
        url: workflow && `https://app.circleci.com/pipelines/workflows/${workflow}`,
        branch: env['CIRCLE_BRANCH'] ?? env['CIRCLE_TAG'],
        commitSha: env['CIRCLE_SHA1'],
        pullRequest: toNumber(env['CIRCLE_PR_NUMBER']) ?? pullRequest,
        cause: causeOf(env),
        triggeredBy: env['CIRCLE_USERNAME'],
      },
      job: {
        // The machines of one parallel job share its id.
        externalId: job && leg && leg !== '0' ? `${job}.${leg}` : job,
        name: [env['CIRCLE_JOB'], leg && `#${leg}`].filter(Boolean).join(' ') || undefined,
        url: env['CIRCLE_BUILD_URL'],
      },
    };
  },
};

function repositoryOf(env: Variables): string | undefined {
  const { CIRCLE_PROJECT_USERNAME: owner, CIRCLE_PROJECT_REPONAME: name } = env;
  return repositoryOfRemote(env['CIRCLE_REPOSITORY_URL']) ?? (owner && name && `${owner}/${name}`);
}

/** A push and a schedule look alike: `--cause << pipeline.trigger_source >>` says more. */
function causeOf(env: Variables): string | undefined {
  if (env['CIRCLE_PULL_REQUEST'] ?? env['CIRCLE_PR_NUMBER']) return 'pull_request';
  return env['CIRCLE_TAG'] && 'tag';
}
