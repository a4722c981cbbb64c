import { hashId } from './object-id.ts';

/** What two sends of one build have in common. */
export interface BuildIdentity {
  /** Set when the build is recognised by something else than its id. */
  readonly naturalKey: string | null;
  /** The id the sender chose, if it chose one. */
  readonly id: string | null;
}

export interface BuildIdentityInput {
  readonly id?: string | null | undefined;
  readonly externalRunId?: string | null | undefined;
  readonly source?: string | null | undefined;
  readonly instance?: string | null | undefined;
  readonly repositoryId: string | null;
  readonly jobName: string;
  readonly number?: number | null | undefined;
  readonly startedAt?: Date | null | undefined;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Says how a build is recognised when it is sent again; null when nothing in it could tell.
 * A UUID as `externalRunId` names the build itself; any other names the run that it belongs to, which
 * matrix legs and attempts share (Contract: buildbutler.md 6).
 */
export function buildIdentity(input: BuildIdentityInput): BuildIdentity | null {
  const { externalRunId, number, startedAt } = input;
  const id = input.id?.toLowerCase() ?? null;
  if (externalRunId != null && uuid.test(externalRunId)) {
    return { id, naturalKey: `run:${externalRunId.toLowerCase()}` };
  }
  if (id !== null) return { id, naturalKey: null };
  if (externalRunId != null) {
    // Without an instance nothing tells the jobs of a run apart but their names.
    const place = input.instance ? [input.instance] : ['', input.repositoryId ?? '', input.jobName];
    const run = [input.source ?? '', ...place, externalRunId];
    return { id, naturalKey: `run:${hashId(run)}` };
  }
  if (number == null && startedAt == null) return null;

  // The repository may be learnt later; where the instance tells jobs apart, it does so alone.
  const place = input.instance ? ['', input.instance] : [input.repositoryId ?? '', ''];
  const start = [input.jobName, String(number ?? ''), startedAt?.toISOString() ?? ''];
  return { id, naturalKey: `start:${hashId([...place, ...start])}` };
}
