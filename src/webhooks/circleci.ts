import type { z } from 'zod';
import type { BuildStatus, StageStatus } from '../db/generated/prisma/enums.ts';
import { progressOf } from '../domain/progress.ts';
import type { WebhookEvent, WebhookTranslation } from '../ingest/webhook-translation.ts';
import { between, ignore, originOf, repositoryAt, repositoryOf, sha, shortRef } from './facts.ts';
import { count, moment, part, text } from './fields.ts';

const Payload = part({
  workflow: part({
    id: text(),
    name: text(),
    status: text(64),
    created_at: moment,
    stopped_at: moment,
    url: text(2048),
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
      target_repository_url: text(2048),
      origin_repository_url: text(2048),
      branch: text(),
      tag: text(),
      revision: text(128),
    }),
    trigger_parameters: part({
      git: part({
        branch: text(),
        tag: text(),
        checkout_sha: text(128),
        checkout_url: text(2048),
        repo_owner: text(),
        repo_name: text(),
      }),
      gitlab: part({ user_username: text(), web_url: text(2048) }),
      github_app: part({ user_username: text(), web_url: text(2048) }),
    }),
  }),
  project: part({ slug: text() }),
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
    const status = workflowWords[workflow.status ?? ''] ?? 'OTHER';
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
  return { build, stages: job.id === null ? [] : [stageOf(job, job.id)] };
}

function ofWorkflow({ workflow, pipeline, project }: Payload) {
  const { vcs, trigger_parameters: parameters, trigger } = pipeline;
  const { git, gitlab, github_app: gitHub } = parameters;
  const remote = vcs.target_repository_url ?? gitlab.web_url ?? gitHub.web_url ?? git.checkout_url;
  const server = originOf(workflow.url);
  return {
    repository: repositoryAt(remote) ?? repositoryOfSlug(project.slug),
    source: 'circleci',
    instance: server && project.slug && `${server}/pipelines/${project.slug}`,
    externalRunId: workflow.id,
    jobName: workflow.name ?? 'unknown',
    number: pipeline.number,
    startedAt: workflow.created_at,
    branch: shortRef(vcs.branch ?? vcs.tag ?? git.branch ?? git.tag),
    commitSha: sha(vcs.revision ?? git.checkout_sha),
    cause: trigger.type,
    url: workflow.url,
    triggeredBy: gitlab.user_username ?? gitHub.user_username,
  };
}

/** Of `github/acme/widgets`; other slugs are made of ids. */
function repositoryOfSlug(slug: string | null) {
  const [provider, ...path] = slug?.split('/') ?? [];
  const isNamed = provider === 'github' || provider === 'bitbucket' || provider === 'gh';
  return isNamed
    ? repositoryOf(path.join('/'), { provider: provider === 'gh' ? 'github' : provider })
    : null;
}

function stageOf(job: Payload['job'], externalId: string) {
  return {
    externalId,
    name: job.name ?? externalId,
    status: jobWords[job.status ?? ''] ?? 'OTHER',
    statusRaw: job.status,
    startedAt: job.started_at,
    completedAt: job.stopped_at,
    durationMs: between(job.started_at, job.stopped_at),
  };
}
