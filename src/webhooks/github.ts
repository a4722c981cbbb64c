import type { z } from 'zod';
import type { BuildStatus, StageStatus } from '../db/generated/prisma/enums.ts';
import { progressOf } from '../domain/progress.ts';
import type { WebhookEvent, WebhookTranslation } from '../ingest/webhook-translation.ts';
import {
  attemptOf,
  between,
  fileOf,
  ignore,
  meaningOf,
  originOf,
  repositoryOf,
  sha,
} from './facts.ts';
import { address, count, moment, part, parts, text, texts } from './fields.ts';

const Repository = part({
  full_name: text(),
  html_url: address,
  default_branch: text(),
});

const Run = part({
  action: text(),
  repository: Repository,
  workflow: part({ name: text(), path: text() }),
  workflow_run: part({
    id: text(128),
    run_attempt: count,
    name: text(),
    path: text(),
    run_number: count,
    status: text(64),
    conclusion: text(64),
    run_started_at: moment,
    created_at: moment,
    updated_at: moment,
    head_branch: text(),
    head_sha: text(128),
    event: text(),
    html_url: address,
    actor: part({ login: text() }),
    triggering_actor: part({ login: text() }),
    pull_requests: parts({ number: count }),
  }),
});

const Job = part({
  repository: Repository,
  workflow_job: part({
    id: text(128),
    run_id: text(128),
    run_attempt: count,
    workflow_name: text(),
    name: text(),
    head_branch: text(),
    head_sha: text(128),
    status: text(64),
    conclusion: text(64),
    created_at: moment,
    started_at: moment,
    completed_at: moment,
    html_url: address,
    runner_name: text(),
    labels: texts,
    steps: parts({
      name: text(),
      number: count,
      status: text(64),
      conclusion: text(64),
      started_at: moment,
      completed_at: moment,
    }),
  }),
});

/** Words for how a run ended (Contract: buildbutler.md 9.1). */
const conclusions: Readonly<Record<string, BuildStatus>> = {
  success: 'SUCCESS',
  neutral: 'SUCCESS',
  failure: 'FAILURE',
  timed_out: 'FAILURE',
  startup_failure: 'FAILURE',
  cancelled: 'ABORTED',
  stale: 'ABORTED',
  skipped: 'NOT_BUILT',
  action_required: 'IN_PROGRESS',
};

/** Reads a webhook of GitHub (Contract: buildbutler.md 9.1). */
export function translateGitHub({ event, payload, receivedAt }: WebhookEvent): WebhookTranslation {
  switch (event) {
    case 'workflow_run':
      return translateRun(Run.parse(payload));
    case 'workflow_job':
      return translateJob(Job.parse(payload), receivedAt);
    case 'ping':
      return ignore('a ping');
    case 'check_run':
    case 'check_suite':
      return ignore(`${event}: jobs are taken from workflow_job`);
    default:
      return ignore(`${event}: only workflow_run and workflow_job tell of builds`);
  }
}

function translateRun({
  action,
  repository,
  workflow,
  workflow_run: run,
}: z.output<typeof Run>): WebhookTranslation {
  if (run.id === null) return ignore('workflow_run: it has no id');
  if (action === 'completed' && run.conclusion === null) {
    return ignore('workflow_run: completed without a conclusion');
  }
  const status = statusOf(run);
  const hasEnded = progressOf(status) === 2;
  const startedAt = run.run_started_at ?? run.created_at;
  const completedAt = hasEnded ? run.updated_at : null; // there is no field of the completion
  const file = fileOf(workflow.path ?? run.path);
  const instance = file && repository.html_url && workflowUrl(repository.html_url, file);
  return {
    build: {
      ...ofRun(repository, run.id),
      jobName: run.name ?? workflow.name ?? file ?? repository.full_name ?? 'unknown',
      number: run.run_number,
      status,
      statusRaw: run.conclusion ?? run.status,
      isConcluded: hasEnded,
      startedAt,
      completedAt,
      durationMs: between(startedAt, completedAt),
      branch: run.head_branch,
      commitSha: sha(run.head_sha),
      pullRequest: run.pull_requests[0]?.number,
      cause: run.event,
      instance,
      jobUrl: instance,
      url: run.html_url,
      attempt: attemptOf(run.run_attempt),
      triggeredBy: run.triggering_actor.login ?? run.actor.login,
    },
  };
}

/** As the latest BuildButler action names it. */
function workflowUrl(repositoryUrl: string, file: string): string {
  return `${repositoryUrl}/actions/workflows/${file.slice(0, 200)}`;
}

/** What run and job say alike: which run of which repository it is. */
function ofRun(
  { full_name, html_url, default_branch }: z.output<typeof Repository>,
  externalRunId: string,
) {
  return {
    repository: repositoryOf(full_name, {
      provider: 'github',
      url: html_url,
      defaultBranch: default_branch,
    }),
    source: 'github',
    externalRunId,
  };
}

interface Progress {
  readonly status: string | null;
  readonly conclusion: string | null;
}

function statusOf({ status, conclusion }: Progress): BuildStatus {
  if (conclusion !== null) return meaningOf(conclusions, conclusion) ?? 'OTHER';
  return status === 'in_progress' ? 'IN_PROGRESS' : 'QUEUED'; // requested, queued, pending, waiting
}

function stageStatusOf(progress: Progress): StageStatus {
  const status = statusOf(progress);
  if (progress.conclusion === 'action_required') return 'QUEUED';
  return status === 'NOT_BUILT' ? 'SKIPPED' : status;
}

function translateJob(
  { repository, workflow_job: job }: z.output<typeof Job>,
  receivedAt: Date,
): WebhookTranslation {
  if (job.id === null || job.run_id === null) return ignore('workflow_job: it has no id or no run');
  if (job.status === 'completed' && job.conclusion === null) {
    return ignore('workflow_job: completed without a conclusion');
  }
  const status = stageStatusOf(job);
  const attempt = attemptOf(job.run_attempt);
  const url = repository.html_url && `${repository.html_url}/actions/runs/${job.run_id}`;
  // A job that waits has no start of its own yet: GitHub says when it was made.
  const startedAt = status === 'QUEUED' ? null : job.started_at;
  return {
    build: {
      ...ofRun(repository, job.run_id),
      jobName: job.workflow_name ?? repository.full_name ?? 'unknown',
      status: status === 'QUEUED' ? 'QUEUED' : 'IN_PROGRESS',
      branch: job.head_branch,
      commitSha: sha(job.head_sha),
      url,
      attempt,
    },
    stages: [
      {
        externalId: job.id,
        name: job.name ?? job.id,
        status,
        statusRaw: job.conclusion ?? job.status,
        startedAt,
        completedAt: job.completed_at,
        durationMs: between(startedAt, job.completed_at),
        queueDurationMs: between(job.created_at, startedAt),
        agentName: job.runner_name,
        url: job.html_url,
        attempt,
        steps: job.steps.slice(0, 1000).map((step, index) => ({
          number: step.number ?? index + 1,
          name: step.name ?? '',
          status: step.conclusion ?? step.status,
          startedAt: step.started_at,
          completedAt: step.completed_at,
        })),
      },
    ],
    agents: agentsOf(repository.html_url, job, status, receivedAt),
  };
}

function agentsOf(
  repositoryUrl: string | null,
  job: z.output<typeof Job>['workflow_job'],
  status: StageStatus,
  receivedAt: Date,
) {
  const instance = originOf(repositoryUrl);
  if (instance === null || job.runner_name === null || status === 'QUEUED') return undefined;
  const isBuilding = status === 'IN_PROGRESS';
  return {
    instance,
    recordedAt: (isBuilding ? job.started_at : job.completed_at) ?? receivedAt,
    agents: [
      {
        name: job.runner_name,
        status: isBuilding ? ('BUILDING' as const) : ('ONLINE' as const),
        currentJob: isBuilding ? (job.workflow_name ?? job.name) : null,
        labels: job.labels,
      },
    ],
  };
}
