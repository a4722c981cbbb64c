import type { z } from 'zod';
import type { BuildStatus, StageStatus } from '../db/generated/prisma/enums.ts';
import { progressOf } from '../domain/progress.ts';
import type { WebhookEvent, WebhookTranslation } from '../ingest/webhook-translation.ts';
import { between, ignore, meaningOf, repositoryOf, sha, shortRef } from './facts.ts';
import {
  address,
  count,
  flag,
  isObject,
  moment,
  part,
  parts,
  seconds,
  text,
  texts,
} from './fields.ts';

const Project = part({
  web_url: address,
  path_with_namespace: text(),
  default_branch: text(),
});

const Pipeline = part({
  project: Project,
  user: part({ username: text(), name: text() }),
  merge_request: part({ iid: count, source_branch: text() }),
  object_attributes: part({
    id: text(128),
    iid: count,
    name: text(),
    ref: text(),
    sha: text(128),
    source: text(),
    status: text(64),
    stages: texts,
    created_at: moment,
    finished_at: moment,
    duration: seconds,
    queued_duration: seconds,
    url: address,
  }),
  builds: parts({
    id: text(128),
    stage: text(),
    name: text(),
    status: text(64),
    started_at: moment,
    finished_at: moment,
    duration: seconds,
    queued_duration: seconds,
    allow_failure: flag,
    runner: part({ description: text() }),
  }),
});
type Pipeline = z.output<typeof Pipeline>;
type PipelineJob = Pipeline['builds'][number];

const Job = part({
  project: Project,
  repository: part({ homepage: address }),
  user: part({ username: text(), name: text() }),
  build_id: text(128),
  build_name: text(),
  build_stage: text(),
  build_status: text(64),
  build_started_at: moment,
  build_finished_at: moment,
  build_duration: seconds,
  build_queued_duration: seconds,
  build_allow_failure: flag,
  pipeline_id: text(128),
  ref: text(),
  sha: text(128),
  runner: part({ description: text() }),
});

/** Words that say the same of a pipeline and of a job. */
const words = {
  created: 'QUEUED',
  waiting_for_resource: 'QUEUED',
  waiting_for_callback: 'QUEUED',
  preparing: 'QUEUED',
  pending: 'QUEUED',
  scheduled: 'QUEUED',
  running: 'IN_PROGRESS',
  canceling: 'IN_PROGRESS',
  success: 'SUCCESS',
  failed: 'FAILURE',
  canceled: 'ABORTED',
} as const;

const pipelineWords: Readonly<Record<string, BuildStatus>> = {
  ...words,
  manual: 'IN_PROGRESS', // waits for a person
  skipped: 'NOT_BUILT',
};

const jobWords: Readonly<Record<string, StageStatus>> = {
  ...words,
  manual: 'QUEUED',
  skipped: 'SKIPPED',
};

/** Reads a webhook of GitLab; those of a whole instance say in the body what they are (Contract: buildbutler.md 9.2). */
export function translateGitLab({ event, payload }: WebhookEvent): WebhookTranslation {
  const kind = isObject(payload) ? payload['object_kind'] : undefined;
  if (kind === 'pipeline') return translatePipeline(Pipeline.parse(payload));
  if (kind === 'build') return translateJob(Job.parse(payload));
  return ignore(`${event}: only pipelines and jobs tell of builds`);
}

function translatePipeline(pipeline: Pipeline): WebhookTranslation {
  const { object_attributes: said, merge_request: request, project } = pipeline;
  if (said.id === null) return ignore('pipeline: it has no id');
  const status = meaningOf(pipelineWords, said.status) ?? 'OTHER';
  const hasEnded = progressOf(status) === 2;
  return {
    build: {
      ...ofPipeline(project, said.id),
      jobDisplayName: said.name,
      number: said.iid ?? (/^\d{1,15}$/.test(said.id) ? Number(said.id) : null),
      status,
      statusRaw: said.status,
      isConcluded: hasEnded,
      startedAt: startOf(said, status),
      completedAt: hasEnded ? said.finished_at : null,
      durationMs: said.duration,
      queueDurationMs: said.queued_duration,
      branch: branchOf(said.ref, request.source_branch),
      commitSha: commitOf(said.ref, said.sha),
      pullRequest: request.iid ?? mergeRequestOf(said.ref),
      cause: said.source,
      url: said.url ?? (project.web_url && `${project.web_url}/-/pipelines/${said.id}`),
      triggeredBy: pipeline.user.username ?? pipeline.user.name,
    },
    stages: stagesOf(pipeline, hasEnded),
  };
}

/** GitLab does not say when a pipeline started: it was created, and waited. */
function startOf(
  { created_at, queued_duration }: Pipeline['object_attributes'],
  status: BuildStatus,
): Date | null {
  if (created_at === null || status === 'QUEUED') return null;
  return new Date(created_at.getTime() + (queued_duration ?? 0));
}

const ofMergeRequest = /^refs\/merge-requests\/(\d{1,15})\//;

/** The ref of a merge request is no branch: its own is, where it is said. */
function branchOf(ref: string | null, sourceBranch: string | null): string | null {
  return ofMergeRequest.test(ref ?? '') ? sourceBranch : shortRef(ref);
}

/** Merged results and merge trains run on a merge that nobody made: it is no commit of theirs. */
function commitOf(ref: string | null, said: string | null): string | null {
  return /^refs\/merge-requests\/\d+\/(?:merge|train)$/.test(ref ?? '') ? null : sha(said);
}

function mergeRequestOf(ref: string | null): number | null {
  const number = ofMergeRequest.exec(ref ?? '')?.[1];
  return number === undefined ? null : Number(number);
}

function ofPipeline(
  { web_url, path_with_namespace, default_branch }: z.output<typeof Project>,
  externalRunId: string,
) {
  return {
    repository: repositoryOf(path_with_namespace, {
      provider: 'gitlab',
      url: web_url,
      defaultBranch: default_branch,
    }),
    jobName: path_with_namespace ?? 'unknown',
    source: 'gitlab',
    instance: web_url,
    jobUrl: web_url && `${web_url}/-/pipelines`,
    externalRunId,
  };
}

function stagesOf(
  { object_attributes: { stages }, builds, project }: Pipeline,
  pipelineHasEnded: boolean,
) {
  const place = ({ stage }: PipelineJob) => {
    const index = stage === null ? -1 : stages.indexOf(stage);
    return index < 0 ? stages.length : index;
  };
  const never = Number.POSITIVE_INFINITY;
  const start = ({ started_at }: PipelineJob) => started_at?.getTime() ?? never;
  return builds
    .filter(({ id }) => id !== null)
    .sort(
      (one, other) =>
        place(one) - place(other) ||
        (start(one) === start(other) ? 0 : start(one) - start(other)) ||
        Number(one.id) - Number(other.id),
    )
    .map((job, order) => ({
      order,
      ...stageOf(
        {
          ...job,
          url: project.web_url && `${project.web_url}/-/jobs/${String(job.id)}`,
        },
        pipelineHasEnded,
      ),
    }));
}

interface SaidJob extends PipelineJob {
  readonly url: string | null;
}

function stageOf(job: SaidJob, pipelineHasEnded: boolean) {
  const hasEnded = job.finished_at !== null;
  return {
    externalId: job.id,
    group: job.stage,
    name: job.name ?? String(job.id),
    status: stageStatusOf(job, pipelineHasEnded),
    statusRaw: job.status,
    startedAt: job.started_at,
    completedAt: job.finished_at,
    durationMs: job.duration ?? (hasEnded ? between(job.started_at, job.finished_at) : null),
    queueDurationMs: job.queued_duration,
    agentName: job.runner.description,
    url: job.url,
  };
}

/** What still waits when its pipeline is over was left out; before, it may yet run. */
function stageStatusOf({ status: word, allow_failure }: SaidJob, isOver: boolean): StageStatus {
  const status = meaningOf(jobWords, word) ?? 'OTHER';
  if (status === 'FAILURE' && allow_failure === true) return 'UNSTABLE';
  return isOver && status === 'QUEUED' ? 'SKIPPED' : status;
}

function translateJob(said: z.output<typeof Job>): WebhookTranslation {
  if (said.pipeline_id === null || said.build_id === null) {
    return ignore('build: it does not say which pipeline it belongs to');
  }
  const url = said.project.web_url ?? said.repository.homepage;
  const path = said.project.path_with_namespace ?? pathOf(said.repository.homepage);
  const stage = stageOf(
    {
      id: said.build_id,
      stage: said.build_stage,
      name: said.build_name,
      status: said.build_status,
      started_at: said.build_started_at,
      finished_at: said.build_finished_at,
      duration: said.build_duration,
      queued_duration: said.build_queued_duration,
      allow_failure: said.build_allow_failure,
      runner: said.runner,
      url: url && `${url}/-/jobs/${said.build_id}`,
    },
    false,
  );
  return {
    build: {
      ...ofPipeline({ ...said.project, web_url: url, path_with_namespace: path }, said.pipeline_id),
      status: stage.status === 'QUEUED' ? 'QUEUED' : 'IN_PROGRESS',
      branch: branchOf(said.ref, null),
      pullRequest: mergeRequestOf(said.ref),
      commitSha: commitOf(said.ref, said.sha),
      url: url && `${url}/-/pipelines/${said.pipeline_id}`,
      triggeredBy: said.user.username ?? said.user.name,
    },
    stages: [stage],
  };
}

const longestName = 512;

function pathOf(homepage: string | null): string | null {
  if (homepage === null || !URL.canParse(homepage)) return null;
  return new URL(homepage).pathname.replace(/^\/+|\/+$/g, '').slice(0, longestName) || null;
}
