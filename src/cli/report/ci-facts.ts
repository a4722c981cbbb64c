/** Variables that have a value. CIs set many to nothing, and Azure leaves `$(Name)` where it knows none. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What a CI says of a run, in the words that its webhooks use too. Times are ISO 8601. */
export interface BuildFacts {
  readonly source?: string | undefined;
  readonly instance?: string | undefined;
  readonly externalRunId?: string | undefined;
  /** `owner/name`; the owner may hold slashes. */
  readonly repository?: string | undefined;
  readonly repositoryUrl?: string | undefined;
  readonly provider?: string | undefined;
  readonly defaultBranch?: string | undefined;
  readonly jobName?: string | undefined;
  readonly jobDisplayName?: string | undefined;
  readonly number?: number | undefined;
  readonly url?: string | undefined;
  readonly jobUrl?: string | undefined;
  /** The real branch, also for a pull request. */
  readonly branch?: string | undefined;
  readonly commitSha?: string | undefined;
  readonly treeSha?: string | undefined;
  readonly pullRequest?: number | undefined;
  readonly cause?: string | undefined;
  readonly attempt?: number | undefined;
  readonly triggeredBy?: string | undefined;
  readonly agentName?: string | undefined;
  readonly agentLabels?: readonly string[] | undefined;
  readonly startedAt?: string | undefined;
}

/** The job of the run in which the reporter runs. */
export interface JobFacts {
  /** The CI's id of the job, as its webhooks have it. */
  readonly externalId?: string | undefined;
  readonly name?: string | undefined;
  /** Group of jobs, e.g. GitLab's `stage`. */
  readonly group?: string | undefined;
  readonly url?: string | undefined;
  readonly attempt?: number | undefined;
  readonly startedAt?: string | undefined;
  /** The CI's word or exit code; only where it is the end of the job, not how it stands. */
  readonly status?: string | undefined;
}

export interface CiFacts {
  readonly build: BuildFacts;
  readonly job?: JobFacts;
  /** The run is this one job: how the job ends is how the run ends. */
  readonly isOneJob?: boolean;
}

/** A CI system: how it is known by its variables, and what they say. */
export interface CiSystem {
  /** As people call it. */
  readonly name: string;
  readonly isRunning: (env: Variables) => boolean;
  readonly read: (env: Variables) => CiFacts;
}

/** Gives the variables that have a value. */
export function presentVariables(env: Variables): Variables {
  return Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && isPresent(value)),
  );
}

/** Whether a value was given: not empty, and no macro that Azure did not know. */
export function isPresent(value: string): boolean {
  return value.trim() !== '' && !/^\$\([\w.]+\)$/.test(value.trim());
}

/** Gives the whole number from 0 in the text, if it is one. */
export function toNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Gives the instant as ISO 8601: from ISO 8601, or from seconds or milliseconds since 1970. */
export function toInstant(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const serial = toNumber(text);
  const at = new Date(serial === undefined ? text : serial < 1e11 ? serial * 1_000 : serial);
  return Number.isNaN(at.getTime()) || at.getTime() === 0 ? undefined : at.toISOString();
}

/** Gives a ref without what Git puts before a branch or a tag. */
export function shortRef(ref: string | undefined): string | undefined {
  return ref?.replace(/^refs\/(heads|tags)\//, '');
}

/** Gives the address without the slashes at its end. */
export function withoutSlash(url: string | undefined): string | undefined {
  return url?.replace(/\/+$/, '');
}

/** Gives the facts without those that are undefined, so that they can be laid over others. */
export function known<Facts extends object>(facts: Facts): Partial<Facts> {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Facts>; // the same keys, fewer of them
}
