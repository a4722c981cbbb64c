import { type CiSystem, toNumber } from '../ci-facts.ts';

export const travis: CiSystem = {
  name: 'Travis CI',
  isRunning: (env) => env['TRAVIS'] === 'true',
  read: (env) => {
    const url = env['TRAVIS_BUILD_WEB_URL'];
    const jobNumber = env['TRAVIS_JOB_NUMBER'];
    return {
      build: {
        source: 'travis',
        instance: url?.replace(/\/builds\/\d+$/, ''),
        externalRunId: env['TRAVIS_BUILD_ID'],
        repository: env['TRAVIS_REPO_SLUG'],
        jobName: env['TRAVIS_REPO_SLUG'],
        number: toNumber(env['TRAVIS_BUILD_NUMBER']),
        url,
        jobUrl: url?.replace(/\/builds\/\d+$/, ''),
        branch: env['TRAVIS_PULL_REQUEST_BRANCH'] ?? env['TRAVIS_BRANCH'],
        commitSha: env['TRAVIS_PULL_REQUEST_SHA'] ?? env['TRAVIS_COMMIT'],
        pullRequest: toNumber(env['TRAVIS_PULL_REQUEST']),
        cause: env['TRAVIS_EVENT_TYPE'],
        agentLabels: env['TRAVIS_OS_NAME'] ? [env['TRAVIS_OS_NAME']] : undefined,
      },
      job: {
        externalId: env['TRAVIS_JOB_ID'],
        name: env['TRAVIS_JOB_NAME'] ?? (jobNumber && `job ${jobNumber}`),
        group: env['TRAVIS_BUILD_STAGE_NAME'],
        url: env['TRAVIS_JOB_WEB_URL'],
        status: env['TRAVIS_TEST_RESULT'], // set once the script has ended
      },
    };
  },
};
