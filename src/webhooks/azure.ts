import type { z } from 'zod';
import type { BuildStatus } from '../db/generated/prisma/enums.ts';
import type { WebhookEvent, WebhookTranslation } from '../ingest/webhook-translation.ts';
import { between, ignore, meaningOf, repositoryAt, repositoryOf, sha, shortRef } from './facts.ts';
import { address, count, moment, part, parts, text } from './fields.ts';

const Person = part({ displayName: text(), uniqueName: text() });

const Payload = part({
  resource: part({
    id: count,
    buildNumber: text(),
    url: address,
    status: text(64),
    result: text(64),
    startTime: moment,
    finishTime: moment,
    queueTime: moment,
    sourceBranch: text(),
    sourceVersion: text(128),
    sourceGetVersion: text(),
    reason: text(),
    definition: part({ name: text(), id: text() }),
    project: part({ name: text(256) }),
    repository: part({ name: text(), id: text(), url: address, defaultBranch: text() }),
    triggerInfo: part({
      'pr.number': count,
      'pr.sourceBranch': text(),
      'pr.sourceSha': text(128),
    }),
    requests: parts({ requestedFor: Person }),
    requestedFor: Person,
    lastChangedBy: Person,
    _links: part({ web: part({ href: address }) }),
  }),
  resourceContainers: part({ project: part({ baseUrl: address, id: text(256) }) }),
});
type Payload = z.output<typeof Payload>;
type Resource = Payload['resource'];

/** Version 1.0 says them as the status, 2.0 as the result (Contract: buildbutler.md 9.4). */
const words: Readonly<Record<string, BuildStatus>> = {
  succeeded: 'SUCCESS',
  partiallysucceeded: 'UNSTABLE',
  failed: 'FAILURE',
  stopped: 'ABORTED',
  canceled: 'ABORTED',
};

/** Reads a webhook of Azure DevOps (Contract: buildbutler.md 9.4). */
export function translateAzure({ event, payload }: WebhookEvent): WebhookTranslation {
  if (event !== 'build.complete') return ignore(`${event}: only build.complete tells of builds`);
  const said = Payload.parse(payload);
  const { resource: build } = said;
  if (build.id === null) return ignore('build.complete: the build has no id');
  const word = build.result ?? build.status;
  const [, versionRef = null, version = null] =
    /^LG:(.+):([^:]+)$/.exec(build.sourceGetVersion ?? '') ?? [];
  const ref = build.sourceBranch ?? versionRef;
  const project = projectUrl(said);
  return {
    build: {
      repository: repositoryOfBuild(build.repository),
      source: 'azure',
      instance: project,
      externalRunId: String(build.id),
      jobName: build.definition.name ?? 'unknown',
      number: build.id,
      jobDisplayName: build.buildNumber, // text
      status: meaningOf(words, word?.toLowerCase()) ?? 'OTHER',
      statusRaw: word,
      isConcluded: true,
      startedAt: build.startTime,
      completedAt: build.finishTime,
      durationMs: between(build.startTime, build.finishTime),
      queueDurationMs: between(build.queueTime, build.startTime),
      branch: shortRef(build.triggerInfo['pr.sourceBranch']) ?? branchOf(ref),
      // The version of a pull request is a merge that nobody made.
      commitSha: sha(build.triggerInfo['pr.sourceSha'] ?? build.sourceVersion ?? version),
      pullRequest: build.triggerInfo['pr.number'] ?? pullRequestOf(ref),
      cause: build.reason,
      url:
        build._links.web.href ??
        (project && `${project}/_build/results?buildId=${String(build.id)}`),
      triggeredBy: requesterOf(build),
    },
  };
}

function requesterOf({ requestedFor, requests, lastChangedBy }: Resource): string | null {
  const people = [requestedFor, requests[0]?.requestedFor, lastChangedBy];
  return people.find((person) => person?.displayName)?.displayName ?? null;
}

const longestProjectUrl = 1900; // the page of a build is put behind it

/** `https://dev.azure.com/acme/Widgets`; with the id of the project where its name is not said. */
function projectUrl({ resource: { url, project }, resourceContainers }: Payload): string | null {
  const place = url?.split('/_apis/')[0] ?? containerUrl(resourceContainers.project);
  if (place === null || project.name === null) return place;
  // The address in the event ends in the id of the project.
  const server = place.replace(/\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, '');
  return `${server}/${encodeURIComponent(project.name)}`.slice(0, longestProjectUrl);
}

function containerUrl({ baseUrl, id }: Payload['resourceContainers']['project']): string | null {
  return baseUrl === null || id === null ? null : `${baseUrl.replace(/\/+$/, '')}/${id}`;
}

/** Code on GitHub has the repository's path for an id; code in Azure only a name, beside an address. */
function repositoryOfBuild({ name, id, url, defaultBranch }: Resource['repository']) {
  const path = [name, id].find((word) => word !== null && /^[\w.-]+\/[\w.-]+$/.test(word)) ?? null;
  const branch = shortRef(defaultBranch);
  return path === null
    ? repositoryAt(url, branch)
    : repositoryOf(path, { provider: 'github', defaultBranch: branch });
}

/** `12/merge` for a pull request, as GitHub calls it too. */
function branchOf(ref: string | null): string | null {
  return shortRef(ref)?.replace(/^refs\/pull\//, '') ?? null;
}

function pullRequestOf(ref: string | null): number | null {
  const number = /^refs\/pull\/(\d{1,15})\//.exec(ref ?? '')?.[1];
  return number === undefined ? null : Number(number);
}
