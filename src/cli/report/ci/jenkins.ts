import { type CiSystem, shortRef, toNumber, type Variables } from '../ci-facts.ts';
import { repositoryOfRemote } from '../repository-name.ts';

/** What Jenkins sets, with the variables of its Git, GitLab and pull request builder plugins. */
export const jenkins: CiSystem = {
  name: 'Jenkins',
  // A Jenkins that does not know its own address sets no JENKINS_URL.
  isRunning: (env) =>
    env['JENKINS_URL'] !== undefined ||
    env['HUDSON_URL'] !== undefined ||
    (env['BUILD_TAG']?.startsWith('jenkins-') === true && env['JOB_NAME'] !== undefined),
  read: (env) => ({
    build: {
      source: 'jenkins',
      instance: env['JOB_URL'] ?? env['JENKINS_URL'],
      externalRunId: env['BUILD_NUMBER'],
      repository: repositoryOfRemote(env['GIT_URL'] ?? env['GIT_URL_1']),
      jobName: env['JOB_NAME'],
      jobDisplayName: env['JOB_BASE_NAME'],
      number: toNumber(env['BUILD_NUMBER']),
      url: env['BUILD_URL'],
      jobUrl: env['JOB_URL'],
      branch: branchOf(env),
      commitSha: env['ghprbActualCommit'] ?? env['GIT_COMMIT'],
      pullRequest: toNumber(env['CHANGE_ID'] ?? env['ghprbPullId'] ?? env['gitlabMergeRequestIid']),
      cause: causeOf(env),
      triggeredBy: env['BUILD_USER_ID'] ?? env['CHANGE_AUTHOR'],
      agentName: env['NODE_NAME'],
      agentLabels: env['NODE_LABELS']?.split(' '),
    },
    isOneJob: true,
  }),
};

function branchOf(env: Variables): string | undefined {
  const branch =
    env['CHANGE_BRANCH'] ??
    env['ghprbSourceBranch'] ??
    env['gitlabSourceBranch'] ??
    env['GIT_LOCAL_BRANCH'] ??
    env['BRANCH_NAME'] ??
    env['GIT_BRANCH']?.replace(/^(refs\/remotes\/)?origin\//, '');
  return shortRef(branch);
}

/** Jenkins itself sets no such variable for pipelines; its plugins do, and `--cause` can. */
function causeOf(env: Variables): string | undefined {
  if (env['CHANGE_ID'] ?? env['ghprbPullId']) return 'pull_request';
  return env['BUILD_CAUSE'] ?? env['gitlabActionType']?.toLowerCase();
}
