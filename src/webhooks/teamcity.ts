import type { z } from 'zod';
import type { BuildStatus } from '../db/generated/prisma/enums.ts';
import { progressOf } from '../domain/progress.ts';
import type { WebhookEvent, WebhookTranslation } from '../ingest/webhook-translation.ts';
import { between, ignore, meaningOf, originOf, repositoryAt, sha, shortRef } from './facts.ts';
import { address, flag, isObject, moment, part, parts, text } from './fields.ts';

const Build = part({
  id: text(128),
  buildTypeId: text(128),
  number: text(),
  status: text(64),
  state: text(64),
  branchName: text(),
  webUrl: address,
  queuedDate: moment,
  startDate: moment,
  finishDate: moment,
  buildType: part({ id: text(128), name: text(), webUrl: address }),
  agent: part({ name: text() }),
  triggered: part({ type: text(), user: part({ username: text() }) }),
  revisions: part({
    revision: parts({
      version: text(128),
      vcsBranchName: text(),
      'vcs-root-instance': part({ name: address }),
    }),
  }),
});
type Build = z.output<typeof Build>;

const Agent = part({ name: text(), webUrl: address, connected: flag });

/** Contract: buildbutler.md 9.7; the first is so spelt. */
const agentEvents: Readonly<Record<string, 'ONLINE' | 'OFFLINE'>> = {
  AGENT_REGISTRED: 'ONLINE',
  AGENT_REGISTERED: 'ONLINE',
  AGENT_UNREGISTERED: 'OFFLINE',
  AGENT_REMOVED: 'OFFLINE',
};

const buildEvents = ['BUILD_STARTED', 'BUILD_FINISHED', 'BUILD_INTERRUPTED'];

const results: Readonly<Record<string, BuildStatus>> = {
  SUCCESS: 'SUCCESS',
  FAILURE: 'FAILURE',
  ERROR: 'FAILURE',
  UNKNOWN: 'ABORTED', // so it says of builds that were cancelled
};

/** Reads a webhook of TeamCity (Contract: buildbutler.md 9.7). */
export function translateTeamCity({ event, payload }: WebhookEvent): WebhookTranslation {
  const object = objectOf(payload);
  const agentStatus = meaningOf(agentEvents, event);
  if (agentStatus !== undefined) return translateAgent(event, Agent.parse(object), agentStatus);
  if (!buildEvents.includes(event)) {
    return ignore(`${event}: it tells nothing of how a build goes, or of an agent`);
  }
  const build = Build.parse(object);
  if (build.id === null) return ignore(`${event}: the build has no id`);
  return { build: buildOf(build, event) };
}

/** The object stands in an envelope, of whose form little is said, or alone; then it has an id, and objects in it. */
function objectOf(payload: unknown): unknown {
  if (!isObject(payload)) return {};
  if (isObject(payload['payload'])) return payload['payload'];
  if (payload['id'] != null) return payload;
  return [payload['build'], payload['agent']].find(isObject) ?? payload;
}

function buildOf(build: Build, event: string) {
  const status = statusOf(build, event);
  const hasEnded = progressOf(status) === 2;
  const server = serverOf(build.webUrl);
  const type = build.buildTypeId ?? build.buildType.id;
  const revision = build.revisions.revision[0];
  return {
    // Roots are named after their address and branch, unless somebody named them otherwise.
    repository: repositoryAt(revision?.['vcs-root-instance'].name?.split('#')[0] ?? null),
    source: 'teamcity',
    instance: server,
    externalRunId: build.id,
    jobName: type ?? build.buildType.name ?? 'unknown',
    jobDisplayName: build.buildType.name,
    number: /^\d{1,15}$/.test(build.number ?? '') ? Number(build.number) : null,
    status,
    statusRaw: hasEnded ? (build.status ?? event) : (build.state ?? event),
    isConcluded: hasEnded,
    startedAt: build.startDate,
    completedAt: hasEnded ? build.finishDate : null,
    durationMs: hasEnded ? between(build.startDate, build.finishDate) : null,
    queueDurationMs: between(build.queuedDate, build.startDate),
    branch: branchOf(build.branchName, revision?.vcsBranchName ?? null),
    commitSha: sha(revision?.version ?? null),
    cause: build.triggered.type,
    url: build.webUrl,
    jobUrl:
      build.buildType.webUrl ?? (server && type && `${server}/viewType.html?buildTypeId=${type}`),
    triggeredBy: build.triggered.user.username,
    agentName: build.agent.name,
  };
}

/** A branch that is the default, or the only one, is not named; the ref of a pull request is none. */
function branchOf(name: string | null, ofRevision: string | null): string | null {
  if (name !== null && name !== '<default>') return shortRef(name);
  const branch = shortRef(ofRevision);
  return branch?.startsWith('refs/') === true ? null : branch;
}

function statusOf({ status, state }: Build, event: string): BuildStatus {
  if (event === 'BUILD_INTERRUPTED') return 'ABORTED';
  if (state === 'queued') return 'QUEUED';
  if (event !== 'BUILD_FINISHED' && state !== 'finished') return 'IN_PROGRESS';
  return meaningOf(results, status?.toUpperCase()) ?? 'OTHER';
}

/** The server may stand below a path: what follows it is known. */
function serverOf(webUrl: string | null): string | null {
  if (originOf(webUrl) === null) return null;
  const pages = /\/(?:viewLog\.html|buildConfiguration\/|build\/|agentDetails\.html|agent\/).*$/;
  const [address = ''] = webUrl?.split('?') ?? [];
  return pages.test(address) ? address.replace(pages, '') : originOf(webUrl);
}

function translateAgent(
  event: string,
  { name, webUrl, connected }: z.output<typeof Agent>,
  status: 'ONLINE' | 'OFFLINE',
): WebhookTranslation {
  if (name === null) return ignore(`${event}: the agent has no name`);
  const isOnline = status === 'ONLINE' && connected !== false;
  const agent = { name, status: isOnline ? status : ('OFFLINE' as const), statusRaw: event };
  return { agents: { instance: serverOf(webUrl) ?? 'teamcity', agents: [agent] } };
}
