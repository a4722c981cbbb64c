import type { z } from 'zod';
import type { AgentStatus, BuildStatus, StageStatus } from '../db/generated/prisma/enums.ts';
import { progressOf } from '../domain/progress.ts';
import type { WebhookEvent, WebhookTranslation } from '../ingest/webhook-translation.ts';
import { attemptOf, between, ignore, meaningOf, repositoryAt, sha, shortRef } from './facts.ts';
import { address, count, flag, moment, part, text, texts } from './fields.ts';

const Agent = part({
  name: text(),
  hostname: text(),
  web_url: address,
  connection_state: text(64),
  meta_data: texts,
});

const Payload = part({
  event: text(),
  pipeline: part({
    slug: text(),
    name: text(),
    web_url: address,
    repository: address,
    default_branch: text(),
  }),
  build: part({
    id: text(),
    number: count,
    state: text(64),
    blocked: flag,
    branch: text(),
    commit: text(128),
    source: text(),
    web_url: address,
    started_at: moment,
    finished_at: moment,
    scheduled_at: moment,
    created_at: moment,
    creator: part({ name: text() }),
    author: part({ name: text() }),
    pull_request: part({ id: count }),
  }),
  job: part({
    id: text(128),
    type: text(64),
    name: text(),
    step_key: text(),
    command: text(),
    group_key: text(),
    state: text(64),
    exit_status: text(64),
    soft_failed: flag,
    started_at: moment,
    finished_at: moment,
    runnable_at: moment,
    retries_count: count,
    web_url: address,
    agent: Agent,
  }),
  agent: Agent,
});
type Payload = z.output<typeof Payload>;

/** Contract: buildbutler.md 9.3. */
const buildWords: Readonly<Record<string, BuildStatus>> = {
  passed: 'SUCCESS',
  failed: 'FAILURE',
  canceled: 'ABORTED',
  skipped: 'NOT_BUILT',
  not_run: 'NOT_BUILT',
  creating: 'IN_PROGRESS',
  scheduled: 'IN_PROGRESS',
  running: 'IN_PROGRESS',
  failing: 'IN_PROGRESS',
  canceling: 'IN_PROGRESS',
  blocked: 'IN_PROGRESS',
};

const jobWords: Readonly<Record<string, StageStatus>> = {
  passed: 'SUCCESS',
  unblocked: 'SUCCESS',
  failed: 'FAILURE',
  timed_out: 'FAILURE',
  expired: 'FAILURE',
  canceled: 'ABORTED',
  skipped: 'SKIPPED',
  broken: 'SKIPPED',
  not_run: 'SKIPPED',
};

const agentWords: Readonly<Record<string, AgentStatus>> = {
  connected: 'ONLINE',
  stopping: 'ONLINE',
  lost: 'OFFLINE',
  disconnected: 'OFFLINE',
  stopped: 'OFFLINE',
  blocked: 'OFFLINE',
};

/** Reads a webhook of Buildkite (Contract: buildbutler.md 9.3). */
export function translateBuildkite({ event, payload }: WebhookEvent): WebhookTranslation {
  const said = Payload.parse(payload);
  if (event === 'ping') return ignore('a ping');
  if (event.startsWith('agent.')) return translateAgent(event, said);
  const isOfJob = event === 'job.finished';
  if (!isOfJob && !event.startsWith('build.')) {
    return ignore(`${event}: stages are taken from job.finished`);
  }
  if (said.build.id === null) return ignore(`${event}: its build has no id`);
  return { build: buildOf(said), stages: isOfJob ? stagesOf(said) : undefined };
}

/** The build may have come further than the event says: its state counts. */
function buildOf({ build, pipeline }: Payload) {
  const isBlocked = build.blocked === true;
  const status = isBlocked ? 'IN_PROGRESS' : (meaningOf(buildWords, build.state) ?? 'OTHER');
  const hasEnded = progressOf(status) === 2;
  return {
    repository: repositoryAt(pipeline.repository, pipeline.default_branch),
    source: 'buildkite',
    instance: organizationUrl(build.web_url),
    externalRunId: build.id,
    jobName: pipeline.slug ?? 'unknown',
    jobDisplayName: pipeline.name,
    number: build.number,
    status,
    statusRaw: isBlocked ? 'blocked' : build.state,
    isConcluded: hasEnded,
    startedAt: build.started_at,
    completedAt: hasEnded ? build.finished_at : null,
    durationMs: hasEnded ? between(build.started_at, build.finished_at) : null,
    queueDurationMs: between(build.scheduled_at ?? build.created_at, build.started_at),
    branch: shortRef(build.branch),
    commitSha: sha(build.commit),
    pullRequest: build.pull_request.id,
    cause: build.source,
    url: build.web_url,
    jobUrl: pipeline.web_url ?? build.web_url?.replace(/\/builds\/\d+$/, ''),
    triggeredBy: build.creator.name ?? build.author.name,
  };
}

/** `https://buildkite.com/acme` of `https://buildkite.com/acme/widgets/builds/7`. */
function organizationUrl(address: string | null): string | null {
  return /^https?:\/\/[^/]+\/(?!organizations\/)[^/]+/.exec(address ?? '')?.[0] ?? null;
}

function stagesOf({ job }: Payload) {
  if (job.id === null || job.type === 'waiter') return [];
  return [
    {
      externalId: job.id,
      group: job.group_key,
      name: job.name ?? job.step_key ?? job.command ?? job.type ?? 'job',
      status: stageStatusOf(job),
      statusRaw: job.state,
      startedAt: job.started_at,
      completedAt: job.finished_at,
      durationMs: between(job.started_at, job.finished_at),
      queueDurationMs: between(job.runnable_at, job.started_at),
      agentName: job.agent.name ?? job.agent.hostname,
      url: job.web_url,
      attempt: job.retries_count === null ? null : attemptOf(job.retries_count + 1),
    },
  ];
}

function stageStatusOf({ state, exit_status, soft_failed }: Payload['job']): StageStatus {
  if (soft_failed === true) return 'UNSTABLE';
  if (state !== 'finished') return meaningOf(jobWords, state) ?? 'OTHER';
  if (exit_status === null) return 'OTHER';
  return exit_status === '0' ? 'SUCCESS' : 'FAILURE';
}

function translateAgent(event: string, { agent, build }: Payload): WebhookTranslation {
  const status = meaningOf(agentWords, event.slice('agent.'.length)) ?? 'UNKNOWN';
  if (agent.name === null) return ignore(`${event}: the agent has no name`);
  const [, server, organization] =
    /^(https?:\/\/[^/]+)\/organizations\/([^/]+)/.exec(agent.web_url ?? '') ?? [];
  const instance =
    server === undefined
      ? (organizationUrl(build.web_url) ?? 'https://buildkite.com')
      : `${server}/${String(organization)}`;
  return {
    agents: {
      instance,
      agents: [
        {
          name: agent.name,
          status,
          statusRaw: agent.connection_state,
          labels: agent.meta_data,
        },
      ],
    },
  };
}
