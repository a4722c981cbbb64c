import { randomUUID } from 'node:crypto';
import type { RecordBuildInput, StageInput } from '../../client/generated/graphql.ts';
import { type BuildFacts, type CiFacts, type JobFacts, known, type Variables } from './ci-facts.ts';
import { detectCi } from './ci-systems.ts';
import { findCodeowners, type FoundCodeowners } from './codeowners.ts';
import { type Checkout, readCheckout } from './git.ts';
import type { ReportFlags } from './report-flags.ts';
import { splitRepository } from './repository-name.ts';
import { isEnd, toBuildStatus, toStageStatus } from './status-word.ts';

/** What goes to the gateway beside files. */
export interface Report {
  /** The CI, as people call it. */
  readonly ciName: string;
  readonly build: RecordBuildInput;
  /** The job of the run in which the reporter runs; absent where the run is one job. */
  readonly stage: StageInput | undefined;
  readonly codeowners: FoundCodeowners | undefined;
  /** What the user should know of it, a sentence each. */
  readonly notes: readonly string[];
}

export interface Surroundings {
  readonly env: Variables;
  readonly cwd: string;
  readonly now: Date;
}

/** Finds out which build, job and code the files belong to: from the flags, else from the CI, else from Git. */
export async function describeReport(
  { env, cwd, now }: Surroundings,
  flags: ReportFlags,
): Promise<Report> {
  const [ci, checkout] = await Promise.all([detectCi(env, cwd), readCheckout(cwd)]);
  const facts = ci?.facts ?? { build: { source: 'local', jobName: 'local' } };
  const isLocal = ci === undefined;
  const code = codeOf(checkout, isLocal, flags.commit);
  const build = { ...code, ...known(facts.build), ...given(flags) };
  const notes =
    isLocal && checkout.isChanged && flags.commit === undefined
      ? ['There are changes that are not committed: the results go without a commit.']
      : [];
  return {
    ciName: ci?.name ?? 'no CI, the local checkout',
    build: toBuild(build, buildWord(facts, flags) ?? (isLocal ? 'unknown' : 'in_progress'), now),
    stage: toStage(facts.job, flags, now),
    codeowners: await findCodeowners(build, checkout),
    notes,
  };
}

/** A changed checkout is not the code of its commit: passing and failing there is no flakiness. */
function codeOf(checkout: Checkout, isLocal: boolean, given: string | undefined): BuildFacts {
  const { branch, defaultBranch, repository, commitSha, treeSha } = checkout;
  const place = { branch, defaultBranch, repository };
  const isOther = given !== undefined && given !== commitSha;
  if (isOther || (isLocal && checkout.isChanged)) return known(place);
  return known({ ...place, commitSha, treeSha });
}

function given(flags: ReportFlags): BuildFacts {
  return known({
    repository: flags.repository,
    branch: flags.branch,
    commitSha: flags.commit,
    cause: flags.cause,
    jobName: flags.job,
    number: flags.number,
    url: flags.buildUrl,
    externalRunId: flags.runId,
  });
}

/** How the run ended, if that is known: how one of its jobs ended says nothing of the others. */
function buildWord({ job, isOneJob }: CiFacts, flags: ReportFlags): string | undefined {
  if (flags.buildStatus !== undefined) return flags.buildStatus;
  const isWhole = isOneJob === true && flags.stage === undefined;
  return isWhole || job === undefined ? flags.status : undefined;
}

function toBuild(facts: BuildFacts, word: string, now: Date): RecordBuildInput {
  const { repository, repositoryUrl, provider, defaultBranch, agentLabels, ...said } = facts;
  const place = repository === undefined ? undefined : splitRepository(repository);
  const status = toBuildStatus(word);
  const isKnown = said.externalRunId !== undefined || said.number !== undefined;
  return {
    ...said,
    // Else a repeated request would be another build.
    externalRunId: isKnown ? said.externalRunId : randomUUID(),
    jobName: said.jobName ?? repository ?? 'unknown',
    repository: place && { ...place, url: repositoryUrl, provider, defaultBranch },
    agentLabels: agentLabels && [...agentLabels],
    status,
    statusRaw: word,
    ...(isEnd(status) && word !== 'unknown' ? ending(said.startedAt, now) : {}),
  };
}

function toStage(job: JobFacts | undefined, flags: ReportFlags, now: Date): StageInput | undefined {
  const externalId = flags.stageId ?? job?.externalId;
  const name = flags.stage ?? withVariant(job?.name, flags.variant);
  if (name === undefined && externalId === undefined) return undefined;

  const word = flags.status ?? job?.status ?? 'in_progress';
  const status = toStageStatus(word);
  const { group, url, attempt, startedAt } = job ?? {};
  return {
    ...{ group, url, attempt, startedAt },
    externalId,
    order: externalId === undefined ? 0 : undefined,
    // Buildkite names a step without a label by its script; webhooks cut it alike.
    name: (name ?? 'job').trim().slice(0, longestName).toWellFormed(),
    status,
    statusRaw: word,
    ...(isEnd(status) ? ending(startedAt, now) : {}),
  };
}

/** Of a stage, in the gateway. */
const longestName = 512;

/** The legs of a matrix share the name of their job; the variant tells them apart for people. */
function withVariant(name: string | undefined, variant: string | undefined): string | undefined {
  if (name === undefined || variant === undefined || name.includes(variant)) return name;
  return `${name} (${variant})`;
}

function ending(
  startedAt: string | undefined,
  now: Date,
): { completedAt: string; durationMs?: number } {
  const completedAt = now.toISOString();
  if (startedAt === undefined) return { completedAt };
  return { completedAt, durationMs: Math.max(0, now.getTime() - Date.parse(startedAt)) };
}
