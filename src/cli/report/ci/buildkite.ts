import { type CiSystem, toNumber, withoutSlash } from '../ci-facts.ts';
import { repositoryOfRemote } from '../repository-name.ts';

export const buildkite: CiSystem = {
  name: 'Buildkite',
  isRunning: (env) => env['BUILDKITE'] === 'true',
  read: (env) => {
    const url = env['BUILDKITE_BUILD_URL'];
    const jobId = env['BUILDKITE_JOB_ID'];
    const retries = toNumber(env['BUILDKITE_RETRY_COUNT']);
    return {
      build: {
        source: 'buildkite',
        instance: organizationUrl(url),
        externalRunId: env['BUILDKITE_BUILD_ID'],
        repository: repositoryOfRemote(env['BUILDKITE_REPO']),
        defaultBranch: env['BUILDKITE_PIPELINE_DEFAULT_BRANCH'],
        jobName: env['BUILDKITE_PIPELINE_SLUG'],
        jobDisplayName: env['BUILDKITE_PIPELINE_NAME'],
        number: toNumber(env['BUILDKITE_BUILD_NUMBER']),
        url,
        jobUrl: url?.replace(/\/builds\/\d+$/, ''),
        branch: env['BUILDKITE_BRANCH'],
        // `HEAD` until the checkout has found out.
        commitSha: env['BUILDKITE_COMMIT'] === 'HEAD' ? undefined : env['BUILDKITE_COMMIT'],
        pullRequest: toNumber(env['BUILDKITE_PULL_REQUEST']),
        cause: env['BUILDKITE_SOURCE'],
        triggeredBy: env['BUILDKITE_BUILD_CREATOR'] ?? env['BUILDKITE_BUILD_AUTHOR'],
        agentName: env['BUILDKITE_AGENT_NAME'],
        agentLabels: env['BUILDKITE_AGENT_META_DATA_QUEUE']
          ? [`queue=${env['BUILDKITE_AGENT_META_DATA_QUEUE']}`]
          : undefined,
      },
      job: {
        externalId: jobId,
        name: env['BUILDKITE_LABEL'] ?? env['BUILDKITE_STEP_KEY'] ?? env['BUILDKITE_COMMAND'],
        url: url && jobId && `${url}#${jobId}`,
        attempt: retries === undefined ? undefined : retries + 1,
        status: env['BUILDKITE_COMMAND_EXIT_STATUS'], // set once the command has ended
      },
    };
  },
};

/** `https://buildkite.com/acme` of `https://buildkite.com/acme/widgets/builds/7`. */
function organizationUrl(buildUrl: string | undefined): string | undefined {
  return withoutSlash(/^https?:\/\/[^/]+\/[^/]+/.exec(buildUrl ?? '')?.[0]);
}
