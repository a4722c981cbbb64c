import type { z } from 'zod';
import type { BuildStatus } from '../db/generated/prisma/enums.ts';
import { progressOf } from '../domain/progress.ts';
import type { WebhookEvent, WebhookTranslation } from '../ingest/webhook-translation.ts';
import { between, ignore, meaningOf, repositoryOf, sha, shortRef } from './facts.ts';
import { address, moment, part, text } from './fields.ts';

const Payload = part({
  actor: part({ nickname: text(), display_name: text() }),
  repository: part({ full_name: text() }),
  commit_status: part({
    state: text(64),
    key: text(),
    name: text(),
    url: address,
    refname: text(),
    created_on: moment,
    updated_on: moment,
    commit: part({ hash: text(128) }),
    links: part({ commit: part({ href: address }) }),
  }),
});

/** Contract: buildbutler.md 9.6. */
const states: Readonly<Record<string, BuildStatus>> = {
  INPROGRESS: 'IN_PROGRESS',
  SUCCESSFUL: 'SUCCESS',
  FAILED: 'FAILURE',
  STOPPED: 'ABORTED',
};

/** Reads a webhook of Bitbucket Cloud, whose builds are statuses of commits (Contract: buildbutler.md 9.6). */
export function translateBitbucket({ event, payload }: WebhookEvent): WebhookTranslation {
  if (event !== 'repo:commit_status_created' && event !== 'repo:commit_status_updated') {
    return ignore(`${event}: only statuses of commits tell of builds`);
  }
  const { actor, repository, commit_status: said } = Payload.parse(payload);
  const commit = sha(said.commit.hash ?? said.links.commit.href?.split('/').at(-1) ?? null);
  const number = numberOf(said.url);
  if (
    repository.full_name === null ||
    (number === null && (commit === null || said.key === null))
  ) {
    return ignore(`${event}: it does not say of which repository, commit and key it is`);
  }
  const status = meaningOf(states, said.state) ?? 'OTHER';
  const hasEnded = progressOf(status) === 2;
  return {
    build: {
      ...ofStatus(repository.full_name, said, number, commit),
      status,
      statusRaw: said.state,
      isConcluded: hasEnded,
      startedAt: said.created_on,
      completedAt: hasEnded ? said.updated_on : null,
      durationMs: hasEnded ? between(said.created_on, said.updated_on) : null,
      branch: shortRef(said.refname),
      commitSha: commit,
      url: said.url,
      triggeredBy: actor.nickname ?? actor.display_name,
    },
  };
}

/**
 * A pipeline is known by its number, and is a build of its repository, as its own variables have it. A status that
 * another tool reports is known by its commit and key.
 */
function ofStatus(
  path: string,
  { key, name }: z.output<typeof Payload>['commit_status'],
  number: number | null,
  commit: string | null,
) {
  const url = `https://bitbucket.org/${path}`;
  return {
    repository: repositoryOf(path, { provider: 'bitbucket', url }),
    source: 'bitbucket',
    instance: url,
    jobName: number === null ? (name ?? key ?? path) : path,
    jobDisplayName: number === null ? null : name,
    externalRunId:
      number === null ? `${String(commit)}:${String(key)}`.slice(0, 512) : String(number),
    number,
  };
}

/** From `…/pipelines/results/42` or `…/addon/pipelines/home#!/results/42`. */
function numberOf(url: string | null): number | null {
  const number = /\/pipelines\/(?:home#!\/)?results\/(\d{1,15})(?:\/|$)/.exec(url ?? '')?.[1];
  return number === undefined ? null : Number(number);
}
