import type { z } from 'zod';
import type { BuildStatus, StageStatus } from '../db/generated/prisma/enums.ts';
import { progressOf } from '../domain/progress.ts';
import type { RepositoryInput } from '../domain/fields.ts';
import type { WebhookEvent, WebhookTranslation } from '../ingest/webhook-translation.ts';
import {
  between,
  ignore,
  meaningOf,
  originOf,
  repositoryAt,
  repositoryOf,
  sha,
  shortRef,
} from './facts.ts';
import { address, count, moment, part, text } from './fields.ts';

const Payload = part({
  workflow: part({
    id: text(),
    name: text(),
    status: text(64),
    created_at: moment,
    stopped_at: moment,
    url: address,
  }),
  job: part({
    id: text(128),
    number: count,
    name: text(),
    status: text(64),
    started_at: moment,
    stopped_at: moment,
  }),
  pipeline: part({
    number: count,
    trigger: part({ type: text() }),
    vcs: part({
      target_repository_url: address,
      origin_repository_url: address,
      branch: text(),
      tag: text(),
      revision: text(128),
    }),
    trigger_parameters: part({
      git: part({
        branch: text(),
        tag: text(),
        checkout_sha: text(128),
        checkout_url: address,
      }),
      gitlab: part({ user_username: text(), web_url: address, default_branch: text() }),
      github_app: part({ user_username: text(), web_url: address }),
    }),
  }),
  project: part({ slug: text(200) }),
});
type Payload = z.output<typeof Payload>;

/** Contract: buildbutler.md 9.5. */
const workflowWords: Readonly<Record<string, BuildStatus>> = {
  success: 'SUCCESS',
  failed: 'FAILURE',
  error: 'FAILURE',
  canceled: 'ABORTED',
  unauthorized: 'NOT_BUILT', // never began
};

const jobWords: Readonly<Record<string, StageStatus>> = {
  success: 'SUCCESS',
  failed: 'FAILURE',
  error: 'FAILURE',
  timedout: 'FAILURE',
  infrastructure_fail: 'FAILURE',
  canceled: 'ABORTED',
  unauthorized: 'SKIPPED',
  not_run: 'SKIPPED',
  skipped: 'SKIPPED',
};

/** Reads a webhook of CircleCI (Contract: buildbutler.md 9.5). */
export function translateCircleCI({ event, payload }: WebhookEvent): WebhookTranslation {
  if (event === 'ping') return ignore('a ping');
  const said = Payload.parse(payload);
  if (event !== 'workflow-completed' && event !== 'job-completed') {
    return ignore(`${event}: only workflow-completed and job-completed tell of builds`);
  }
  const { workflow, job } = said;
  if (workflow.id === null) return ignore(`${event}: its workflow has no id`);
  if (event === 'workflow-completed') {
    const status = meaningOf(workflowWords, workflow.status) ?? 'OTHER';
    return {
      build: {
        ...ofWorkflow(said),
        status,
        statusRaw: workflow.status,
        isConcluded: progressOf(status) === 2,
        completedAt: workflow.stopped_at,
        durationMs: between(workflow.created_at, workflow.stopped_at),
      },
    };
  }
  // The workflow of a job has no status, and what it says of its end is that of the job.
  const build = { ...ofWorkflow(said), status: 'IN_PROGRESS' as const };
  return { build, stages: job.id === null ? [] : [stageOf(job, job.id, workflow.url)] };
}

function ofWorkflow({ workflow, pipeline, project }: Payload) {
  const { vcs, trigger_parameters: parameters, trigger } = pipeline;
  const { git, gitlab, github_app: gitHub } = parameters;
  const remote = vcs.target_repository_url ?? gitlab.web_url ?? gitHub.web_url ?? git.checkout_url;
  const server = originOf(workflow.url);
  const branch = vcs.branch ?? vcs.tag ?? git.branch ?? git.tag;
  return {
    repository: repositoryAt(remote, gitlab.default_branch) ?? repositoryOfSlug(project.slug),
    source: 'circleci',
    instance: server && project.slug && `${server}/pipelines/${project.slug}`,
    externalRunId: workflow.id,
    jobName: workflow.name ?? 'unknown',
    number: pipeline.number,
    startedAt: workflow.created_at,
    branch: shortRef(branch),
    commitSha: sha(vcs.revision ?? git.checkout_sha),
    pullRequest: pullRequestOf(branch),
    cause: trigger.type,
    url: workflow.url,
    triggeredBy: gitlab.user_username ?? gitHub.user_username,
  };
}

/** Pull requests from forks run on a branch `pull/12`. */
function pullRequestOf(branch: string | null): number | null {
  const number = /^pull\/(\d{1,15})(?:\/|$)/.exec(branch ?? '')?.[1];
  return number === undefined ? null : Number(number);
}

const hosts: Readonly<Record<string, string>> = {
  gh: 'github',
  github: 'github',
  bb: 'bitbucket',
  bitbucket: 'bitbucket',
};

/** Of `github/acme/widgets`; other slugs are made of ids. */
function repositoryOfSlug(slug: string | null): RepositoryInput | null {
  const [host = '', ...path] = slug?.split('/') ?? [];
  const provider = meaningOf(hosts, host);
  return provider === undefined ? null : repositoryOf(path.join('/'), { provider });
}

function stageOf(job: Payload['job'], externalId: string, workflowUrl: string | null) {
  return {
    externalId,
    name: job.name ?? externalId,
    status: meaningOf(jobWords, job.status) ?? 'OTHER',
    statusRaw: job.status,
    startedAt: job.started_at,
    completedAt: job.stopped_at,
    durationMs: between(job.started_at, job.stopped_at),
    url: job.number === null ? null : workflowUrl && `${workflowUrl}/jobs/${String(job.number)}`,
  };
}
