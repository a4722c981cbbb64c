import { type CiSystem, toInstant, toNumber } from '../ci-facts.ts';

const ended = new Set(['success', 'failed', 'canceled']);

export const gitlab: CiSystem = {
  name: 'GitLab CI',
  isRunning: (env) => env['GITLAB_CI'] !== undefined,
  read: (env) => {
    const status = env['CI_JOB_STATUS']; // `running` but in after_script
    return {
      build: {
        source: 'gitlab',
        instance: env['CI_PROJECT_URL'],
        externalRunId: env['CI_PIPELINE_ID'],
        repository: env['CI_PROJECT_PATH'],
        repositoryUrl: env['CI_PROJECT_URL'],
        provider: 'gitlab',
        defaultBranch: env['CI_DEFAULT_BRANCH'],
        jobName: env['CI_PROJECT_PATH'],
        jobDisplayName: env['CI_PIPELINE_NAME'],
        number: toNumber(env['CI_PIPELINE_IID'] ?? env['CI_PIPELINE_ID']),
        url: env['CI_PIPELINE_URL'],
        jobUrl: env['CI_PROJECT_URL'] && `${env['CI_PROJECT_URL']}/-/pipelines`,
        branch: env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'] ?? env['CI_COMMIT_REF_NAME'],
        // In pipelines of merged results CI_COMMIT_SHA is a merge that nobody made; elsewhere the first is empty.
        commitSha: env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA'] || env['CI_COMMIT_SHA'],
        pullRequest: toNumber(env['CI_MERGE_REQUEST_IID']),
        cause: env['CI_PIPELINE_SOURCE'],
        triggeredBy: env['GITLAB_USER_LOGIN'],
        agentName: env['CI_RUNNER_DESCRIPTION'],
        agentLabels: tagsOf(env['CI_RUNNER_TAGS']),
        startedAt: toInstant(env['CI_PIPELINE_CREATED_AT']),
      },
      job: {
        externalId: env['CI_JOB_ID'],
        name: env['CI_JOB_NAME'],
        group: env['CI_JOB_STAGE'],
        url: env['CI_JOB_URL'],
        startedAt: toInstant(env['CI_JOB_STARTED_AT']),
        status: status !== undefined && ended.has(status) ? status : undefined,
      },
    };
  },
};

/** `["docker", "linux"]`, before GitLab 15 `docker, linux`. */
function tagsOf(text: string | undefined): string[] | undefined {
  const tags = text
    ?.split(/[[\]",]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  return tags?.length === 0 ? undefined : tags;
}
