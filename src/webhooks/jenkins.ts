import type { z } from 'zod';
import type { BuildStatus } from '../db/generated/prisma/enums.ts';
import { progressOf } from '../domain/progress.ts';
import type { WebhookEvent, WebhookTranslation } from '../ingest/webhook-translation.ts';
import { decodedPath } from '../domain/git-remote.ts';
import { ignore, meaningOf, repositoryAt, sha } from './facts.ts';
import { address, count, moment, part, text } from './fields.ts';

const Payload = part({
  name: text(),
  display_name: text(),
  url: address,
  build: part({
    full_url: address,
    number: count,
    phase: text(64),
    status: text(64),
    url: address,
    timestamp: moment,
    duration: count,
    scm: part({ url: address, branch: text(), commit: text(128) }),
  }),
});
type Payload = z.output<typeof Payload>;

const results: Readonly<Record<string, BuildStatus>> = {
  SUCCESS: 'SUCCESS',
  FAILURE: 'FAILURE',
  UNSTABLE: 'UNSTABLE',
  ABORTED: 'ABORTED',
  NOT_BUILT: 'NOT_BUILT',
};

/** The phases in which a build has run; older plugins say FINISHED. */
const endings = ['COMPLETED', 'FINISHED', 'FINALIZED'];

/** Reads a webhook of Jenkins' Notification plugin (Contract: buildbutler.md 9.8). */
export function translateJenkins({ payload, receivedAt }: WebhookEvent): WebhookTranslation {
  const said = Payload.parse(payload);
  const { build, name } = said;
  const phase = build.phase?.toUpperCase() ?? null;
  if (build.number === null || phase === null || name === null) {
    return ignore('it does not say of which build and phase it is');
  }
  const status = statusOf(phase, build.status);
  if (status === null) return ignore(`${phase}: it tells nothing of how the build goes`);
  const hasEnded = progressOf(status) === 2;
  const at = build.timestamp ?? receivedAt;
  return {
    build: {
      ...ofJob({ ...said, name }, String(build.number)),
      jobDisplayName: said.display_name,
      number: build.number,
      status,
      statusRaw: phase === 'STARTED' ? phase : (build.status ?? phase),
      isConcluded: hasEnded,
      startedAt: phase === 'STARTED' ? at : null,
      completedAt: hasEnded ? at : null,
      durationMs: hasEnded && build.duration !== 0 ? build.duration : null, // 0 while it is not known
      branch: build.scm.branch?.replace(/^(?:refs\/(?:heads|remotes)\/)?(?:origin\/)?/, '') ?? null,
      commitSha: sha(build.scm.commit),
      url: build.full_url,
    },
  };
}

/** The status of a build that has only begun may be that of the build before. Null for phases that say nothing. */
function statusOf(phase: string, status: string | null): BuildStatus | null {
  if (phase === 'QUEUED') return 'QUEUED';
  if (phase === 'STARTED') return 'IN_PROGRESS';
  if (!endings.includes(phase)) return null;
  return meaningOf(results, status?.toUpperCase()) ?? 'OTHER';
}

interface NamedPayload extends Payload {
  readonly name: string;
}

/** `folder/widgets` of `…/job/folder/job/widgets/`, as JOB_NAME has it; the plugin's own name lacks the folders. */
function nameOf(jobUrl: string | null): string | null {
  const path = /(?:^|\/)(job\/.+?)\/?$/.exec(jobUrl ?? '')?.[1];
  return path === undefined
    ? null
    : decodedPath(path)
        .replace(/^job\//, '')
        .replaceAll('/job/', '/')
        .slice(0, 512);
}

/** Numbers count up within a job, so the job's address says of what the number is. */
function ofJob({ name, url, build }: NamedPayload, number: string) {
  const job = build.full_url?.replace(/\d+\/?$/, '') ?? null;
  return {
    repository: repositoryAt(build.scm.url),
    source: 'jenkins',
    jobName: nameOf(job ?? url) ?? name,
    instance: job,
    jobUrl: job,
    externalRunId: number,
  };
}
