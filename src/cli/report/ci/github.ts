import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type CiSystem, known, shortRef, toNumber, type Variables } from '../ci-facts.ts';

const PullRequest = z.object({
  number: z.number(),
  head: z.object({ ref: z.string(), sha: z.string() }),
});
const Event = z.object({
  repository: z.object({ default_branch: z.string() }).optional().catch(undefined),
  pull_request: PullRequest.optional().catch(undefined),
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
    const event = eventOf(env['GITHUB_EVENT_PATH']);
    return {
      build: {
        source: 'github-actions',
        instance: workflowUrl,
        externalRunId: env['GITHUB_RUN_ID'],
        repository: env['GITHUB_REPOSITORY'],
        repositoryUrl,
        provider: 'github',
        defaultBranch: event.repository?.default_branch,
        jobName: env['GITHUB_WORKFLOW'],
        number: toNumber(env['GITHUB_RUN_NUMBER']),
        url,
        jobUrl: workflowUrl,
        cause: env['GITHUB_EVENT_NAME'],
        attempt,
        triggeredBy: env['GITHUB_TRIGGERING_ACTOR'] ?? env['GITHUB_ACTOR'],
        agentName: env['RUNNER_NAME'],
        agentLabels: labelsOf(env),
        ...codeOf(env, event),
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
function codeOf(env: Variables, { pull_request: pull }: z.output<typeof Event>) {
  return {
    branch: env['GITHUB_HEAD_REF'] ?? pull?.head.ref ?? shortRef(env['GITHUB_REF']),
    commitSha: pull?.head.sha ?? env['GITHUB_SHA'],
    ...known({
      pullRequest:
        pull?.number ?? toNumber(/^refs\/pull\/(\d+)\//.exec(env['GITHUB_REF'] ?? '')?.[1]),
    }),
  };
}

/** Empty where the file cannot be read, as in some containers. */
function eventOf(path: string | undefined): z.output<typeof Event> {
  if (path === undefined) return {};
  try {
    return Event.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {}; // the variables say most of it
  }
}

function labelsOf(env: Variables): string[] | undefined {
  const labels = [env['RUNNER_ENVIRONMENT'], env['RUNNER_OS'], env['RUNNER_ARCH']];
  const present = labels.filter((label) => label !== undefined);
  return present.length === 0 ? undefined : present;
}
