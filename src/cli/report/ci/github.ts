import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type CiSystem, known, shortRef, toNumber, type Variables } from '../ci-facts.ts';

const Event = z.object({
  pull_request: z.object({
    number: z.number(),
    head: z.object({ ref: z.string(), sha: z.string() }),
  }),
});

/** GitHub Actions, and Gitea's and Forgejo's, which set the same variables. */
export const github: CiSystem = {
  name: 'GitHub Actions',
  isRunning: (env) => env['GITHUB_ACTIONS'] === 'true',
  read: (env) => {
    const repositoryUrl = `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${env['GITHUB_REPOSITORY'] ?? ''}`;
    const url = `${repositoryUrl}/actions/runs/${env['GITHUB_RUN_ID'] ?? ''}`;
    const workflowUrl = workflowUrlOf(env, repositoryUrl);
    const attempt = toNumber(env['GITHUB_RUN_ATTEMPT']);
    return {
      build: {
        source: 'github-actions',
        instance: workflowUrl,
        externalRunId: env['GITHUB_RUN_ID'],
        repository: env['GITHUB_REPOSITORY'],
        repositoryUrl,
        provider: 'github',
        jobName: env['GITHUB_WORKFLOW'],
        number: toNumber(env['GITHUB_RUN_NUMBER']),
        url,
        jobUrl: workflowUrl,
        cause: env['GITHUB_EVENT_NAME'],
        attempt,
        triggeredBy: env['GITHUB_TRIGGERING_ACTOR'] ?? env['GITHUB_ACTOR'],
        agentName: env['RUNNER_NAME'],
        agentLabels: labelsOf(env),
        ...codeOf(env),
      },
      job: {
        name: env['GITHUB_JOB'],
        // The first is the id that webhooks have; the runner sets only the second. Legs of a matrix share a name.
        externalId: env['JOB_CHECK_RUN_ID'] ?? env['RUNNER_TRACKING_ID'],
        attempt,
        url,
      },
    };
  },
};

/** E.g. `https://github.com/acme/widgets/actions/workflows/ci.yml`, as the webhook's run has it. */
function workflowUrlOf(env: Variables, repositoryUrl: string): string {
  const path = env['GITHUB_WORKFLOW_REF']?.split('@')[0];
  const file = path?.split('/').at(-1);
  return file === undefined
    ? `${repositoryUrl}/actions`
    : `${repositoryUrl}/actions/workflows/${file}`;
}

/** For a pull request, its own branch and commit: GITHUB_SHA is a merge that nobody made. */
function codeOf(env: Variables) {
  const pull = pullRequestOf(env['GITHUB_EVENT_PATH']);
  return {
    branch: env['GITHUB_HEAD_REF'] ?? pull?.head.ref ?? shortRef(env['GITHUB_REF']),
    commitSha: pull?.head.sha ?? env['GITHUB_SHA'],
    ...known({
      pullRequest:
        pull?.number ?? toNumber(/^refs\/pull\/(\d+)\//.exec(env['GITHUB_REF'] ?? '')?.[1]),
    }),
  };
}

/** Undefined for another event, and where the file cannot be read, as in some containers. */
function pullRequestOf(path: string | undefined) {
  if (path === undefined) return undefined;
  try {
    return Event.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data?.pull_request;
  } catch {
    return undefined; // the variables say most of it
  }
}

function labelsOf(env: Variables): string[] | undefined {
  const labels = [env['RUNNER_ENVIRONMENT'], env['RUNNER_OS'], env['RUNNER_ARCH']];
  const present = labels.filter((label) => label !== undefined);
  return present.length === 0 ? undefined : present;
}
