import { type CiSystem, toInstant, toNumber } from '../ci-facts.ts';

export const drone: CiSystem = {
  name: 'Drone',
  isRunning: (env) => env['DRONE'] === 'true',
  read: (env) => {
    const url = env['DRONE_BUILD_LINK'];
    const number = env['DRONE_BUILD_NUMBER'];
    const stage = env['DRONE_STAGE_NUMBER'];
    return {
      build: {
        source: 'drone',
        instance: url?.replace(/\/\d+(\/\d+)*$/, ''),
        externalRunId: number,
        repository: env['DRONE_REPO'],
        repositoryUrl: env['DRONE_REPO_LINK'],
        jobName: env['DRONE_REPO'],
        number: toNumber(number),
        url,
        jobUrl: url?.replace(/\/\d+(\/\d+)*$/, ''),
        branch: env['DRONE_SOURCE_BRANCH'] ?? env['DRONE_BRANCH'] ?? env['DRONE_TAG'],
        commitSha: env['DRONE_COMMIT_SHA'],
        pullRequest: toNumber(env['DRONE_PULL_REQUEST']),
        cause: env['DRONE_BUILD_EVENT'],
        triggeredBy: env['DRONE_BUILD_TRIGGER'] ?? env['DRONE_COMMIT_AUTHOR'],
        agentName: env['DRONE_STAGE_MACHINE'] ?? env['DRONE_RUNNER_HOSTNAME'],
        startedAt: toInstant(env['DRONE_BUILD_STARTED']),
      },
      job: {
        externalId: stage && [stage, env['DRONE_STEP_NUMBER']].filter(Boolean).join('.'),
        name:
          [env['DRONE_STAGE_NAME'], env['DRONE_STEP_NAME']].filter(Boolean).join(' / ') ||
          undefined,
        url: url && stage && `${url}/${stage}`,
        startedAt: toInstant(env['DRONE_STAGE_STARTED']),
      },
    };
  },
};
