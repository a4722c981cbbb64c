import {
  type CiSystem,
  shortRef,
  toInstant,
  toNumber,
  type Variables,
  withoutSlash,
} from '../ci-facts.ts';
import { repositoryOfRemote } from '../repository-name.ts';

export const azure: CiSystem = {
  name: 'Azure Pipelines',
  isRunning: (env) => env['TF_BUILD'] !== undefined || env['BUILD_BUILDURI'] !== undefined,
  read: (env) => {
    const project = projectUrl(env);
    const id = env['BUILD_BUILDID'];
    const jobId = env['SYSTEM_JOBID'];
    const url = project && id && `${project}/_build/results?buildId=${id}`;
    const definition = env['SYSTEM_DEFINITIONID'];
    return {
      build: {
        source: 'azure-pipelines',
        instance: project,
        externalRunId: id,
        repository: repositoryOf(env),
        jobName: env['BUILD_DEFINITIONNAME'],
        number: toNumber(id), // BUILD_BUILDNUMBER is text
        url,
        jobUrl: project && definition && `${project}/_build?definitionId=${definition}`,
        branch: shortRef(env['SYSTEM_PULLREQUEST_SOURCEBRANCH'] ?? env['BUILD_SOURCEBRANCH']),
        commitSha: env['SYSTEM_PULLREQUEST_SOURCECOMMITID'] ?? env['BUILD_SOURCEVERSION'],
        pullRequest: toNumber(
          env['SYSTEM_PULLREQUEST_PULLREQUESTNUMBER'] ?? env['SYSTEM_PULLREQUEST_PULLREQUESTID'],
        ),
        // `PullRequest` here, `pullRequest` in its webhooks.
        cause: env['BUILD_REASON']?.replace(/^./, (letter) => letter.toLowerCase()),
        triggeredBy: env['BUILD_REQUESTEDFOR'],
        agentName: env['AGENT_NAME'],
        agentLabels: env['AGENT_OS'] ? [env['AGENT_OS']] : undefined,
        startedAt: toInstant(env['SYSTEM_PIPELINESTARTTIME']),
      },
      job: {
        externalId: jobId,
        name: env['SYSTEM_JOBDISPLAYNAME'] ?? env['AGENT_JOBNAME'],
        group: env['SYSTEM_STAGEDISPLAYNAME'] ?? env['SYSTEM_STAGENAME'],
        url: url && jobId && `${url}&view=logs&j=${jobId}`,
        attempt: toNumber(env['SYSTEM_JOBATTEMPT']),
      },
    };
  },
};

/** `https://dev.azure.com/acme/Widgets` */
function projectUrl(env: Variables): string | undefined {
  const server = withoutSlash(
    env['SYSTEM_COLLECTIONURI'] ?? env['SYSTEM_TEAMFOUNDATIONCOLLECTIONURI'],
  );
  const project = env['SYSTEM_TEAMPROJECT'];
  return server && project && `${server}/${encodeURIComponent(project)}`;
}

/** The name says owner and name where the code is on GitHub; else the address does. */
function repositoryOf(env: Variables): string | undefined {
  const name = env['BUILD_REPOSITORY_NAME'];
  if (name?.includes('/') === true) return name;
  return repositoryOfRemote(env['BUILD_REPOSITORY_URI']);
}
