import { type CiSystem, shortRef, toNumber, type Variables } from '../ci-facts.ts';
import { repositoryOfRemote } from '../repository-name.ts';

/** What Jenkins sets, with the variables of its Git, GitLab and pull request builder plugins. */
export const jenkins: CiSystem = {
  name: 'Jenkins',
  isRunning: (env) =>
    env['JENKINS_URL'] !== undefined || env['HUDSON_URL'] !== undefined || isWithoutUrl(env),
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

/** Nobody has told this Jenkins its own address: then it knows those of the job and the build neither. */
function isWithoutUrl(env: Variables): boolean {
  const isItsOwn =
    env['JENKINS_HOME'] !== undefined || env['BUILD_TAG']?.startsWith('jenkins-') === true;
  return isItsOwn && env['BUILD_NUMBER'] !== undefined && env['JOB_NAME'] !== undefined;
}

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
