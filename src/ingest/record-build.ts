import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { fieldsOf, selectList } from '../db/columns.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import { BuildStatus } from '../db/generated/prisma/enums.ts';
import { lockNames } from '../db/lock.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { upsertRows } from '../db/upsert.ts';
import { type BuildIdentity, buildIdentity } from '../domain/build-identity.ts';
import { ciServer } from '../domain/ci-server.ts';
import { canonicalSource } from '../domain/ci-source.ts';
import { count, instant, list, RepositoryInput, uuid } from '../domain/fields.ts';
import { mergeKnown } from '../domain/merge.ts';
import { hashUuid } from '../domain/object-id.ts';
import { parseInput } from '../domain/parse-input.ts';
import { progressOf } from '../domain/progress.ts';
import { name, text } from '../domain/text.ts';
import { futureIssues } from '../domain/time.ts';
import { ValidationError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { attachHeld, isHeldFor } from './attach-held.ts';
import { buildOfRun, runLock } from './build-of-run.ts';
import { ensureRepository } from './ensure-repository.ts';
import { holdBuild } from './find-build.ts';
import { buildLock } from './lock-order.ts';
import { noteBuildGuards } from '../db/note-analytics.ts';
import { noteBuild } from './note-changes.ts';
import { notifyBuild } from './notify-build.ts';
import { holdBuildFacts, passOnBuild } from './pass-on-facts.ts';
import { releaseAgent } from './release-agent.ts';

export const RecordBuildInput = z.object({
  id: uuid.nullish(),
  repository: RepositoryInput.nullish(),
  jobName: name(),
  jobDisplayName: text().nullish(),
  number: count.nullish(),
  status: z.enum(BuildStatus),
  statusRaw: text(64).nullish(),
  durationMs: count.nullish(),
  queueDurationMs: count.nullish(),
  startedAt: instant.nullish(),
  completedAt: instant.nullish(),
  branch: text().nullish(),
  commitSha: text(128).nullish(),
  treeSha: text(128).nullish(),
  pullRequest: count.nullish(),
  cause: text().nullish(),
  source: text(128).nullish(),
  instance: text(2048).nullish(),
  url: text(2048).nullish(),
  jobUrl: text(2048).nullish(),
  externalRunId: text().nullish(),
  attempt: count.min(1, { error: 'counts from 1' }).max(1_000_000).nullish(),
  triggeredBy: text().nullish(),
  agentName: text().nullish(),
  agentLabels: list(text(), 100).nullish(),
  agentIsBuiltIn: z.boolean().nullish(),
  /** The CI system itself says so, by a webhook: once it has said how the build ended, clients' words fill gaps only. */
  isConcluded: z.boolean().optional(),
});
export type RecordBuildInput = z.input<typeof RecordBuildInput>;

export interface RecordedBuild {
  readonly build: Build;
  /** False when a known build was updated. */
  readonly created: boolean;
}

/**
 * Stores one build, or updates the one it is recognised as: by UUID `externalRunId`, by `id`, by run,
 * or by job, number and start (Contract: buildbutler.md 6). What is absent keeps its value; a build that
 * has ended does not run again unless its attempt grew. What is stored below it learns what it learns, and what
 * was held for it is stored.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {ValidationError} naming each field that breaks its rule
 */
export async function recordBuild(
  ctx: ServiceContext,
  input: RecordBuildInput,
): Promise<RecordedBuild> {
  requireCapability(ctx.tenant, 'INGEST');
  const future = futureIssues(ctx.now(), { startedAt: input.startedAt });
  const parsed = parseInput(RecordBuildInput, input, future);
  const { recorded, held } = await inTransaction(ctx.db.pool, async (tx) => {
    const recorded = await record(tx, ctx, parsed);
    const ids = [recorded.build.id, parsed.id ?? recorded.build.id];
    return { recorded, held: await isHeldFor(tx, ctx.tenant, ids) };
  });
  if (held) await attachHeld(ctx, recorded.build);
  return recorded;
}

async function record(
  tx: Queryable,
  ctx: ServiceContext,
  { repository, id, ...said }: z.output<typeof RecordBuildInput>,
): Promise<RecordedBuild> {
  const { organizationId } = ctx.tenant;
  const repositoryId = repository ? await ensureRepository(tx, organizationId, repository) : null;
  const stated = { ...toRow(said), repositoryId };
  const identity = requireIdentity(
    buildIdentity({ ...said, source: stated.source, id, repositoryId }),
  );
  const run = {
    organizationId,
    repositoryId,
    source: stated.source ?? null,
    externalRunId: said.externalRunId ?? null,
    server: stated.server ?? null,
  };
  await lockNames(tx, [
    ...(identity.id === null ? [] : [buildLock(organizationId, identity.id)]),
    ...(identity.naturalKey === null ? [] : [buildLock(organizationId, identity.naturalKey)]),
    ...runLock(run),
  ]);

  const known =
    (await findKnown(tx, organizationId, identity)) ?? (await buildOfRun(tx, run, identity));
  if (known === undefined) {
    const row = create(organizationId, identity, stated, ctx.now());
    return { build: await write(tx, row, undefined), created: true };
  }
  const next = update(known, stated, identity, ctx.now());
  await holdBuildFacts(tx, known, next);
  const build = next === known ? known : await write(tx, next, known);
  await keepAlias(tx, build, identity);
  await passOnBuild(tx, known, build);
  if (isCancelled(known) !== isCancelled(build))
    await noteBuildGuards(tx, organizationId, [build.id]);
  return { build, created: false };
}

function isCancelled({ status }: Build): boolean {
  return status === 'ABORTED';
}

async function write(tx: Queryable, row: Partial<Build>, known: Build | undefined): Promise<Build> {
  const [build] = await upsertRows<Build>(tx, 'Build', [row], ['organizationId', 'id']);
  if (build === undefined) throw new Error('an upsert of a build returned no row');
  const { organizationId, repositoryId, id: buildId } = build;
  await notifyBuild(tx, { organizationId, repositoryId, buildId });
  await noteBuild(tx, build, known);
  await releaseAgent(tx, build);
  return build;
}

type Said = Partial<Build> & Pick<Build, 'jobName' | 'status'>;

function toRow(said: Omit<z.output<typeof RecordBuildInput>, 'id' | 'repository'>): Said {
  const big = (value: number | null | undefined): bigint | null =>
    value == null ? null : BigInt(value);
  return {
    ...said,
    statusRaw: said.statusRaw ?? said.status,
    source: said.source == null ? null : canonicalSource(said.source),
    sourceRaw: said.source,
    server: ciServer([said.instance, said.jobUrl, said.url]),
    isConcluded: said.isConcluded === true ? true : undefined,
    number: big(said.number),
    durationMs: big(said.durationMs),
    queueDurationMs: big(said.queueDurationMs),
    pullRequest: big(said.pullRequest),
    agentLabels: said.agentLabels ?? undefined,
  } as Said; // undefined and null are both "not said" to the merge
}

function requireIdentity(identity: BuildIdentity | null): BuildIdentity {
  if (identity !== null) return identity;
  throw new ValidationError([
    {
      path: ['input'],
      message:
        'needs an id, an externalRunId, a number or a startedAt, so that the build is known when it is sent again',
    },
  ]);
}

async function findKnown(
  tx: Queryable,
  organizationId: string,
  { naturalKey, id }: BuildIdentity,
): Promise<Build | undefined> {
  // Locked until the end: another send may recognise the same build by another name.
  const [byKey] = await query<Build>(
    tx,
    sql`SELECT ${selectList(fieldsOf('Build'))} FROM builds t
      WHERE t.organization_id = ${organizationId}::uuid AND t.natural_key = ${naturalKey}
      FOR NO KEY UPDATE`,
  );
  if (byKey !== undefined || id === null) return byKey;

  return holdBuild(tx, organizationId, id);
}

function create(
  organizationId: string,
  { naturalKey, id }: BuildIdentity,
  said: Said,
  now: Date,
): Partial<Build> {
  const recordedAt = said.startedAt ?? now;
  return {
    ...said,
    organizationId,
    id: id ?? idOf(naturalKey),
    naturalKey,
    isConcluded: said.isConcluded ?? false,
    recordedAt,
    agentLabels: said.agentLabels ?? [],
    createdAt: now,
    updatedAt: now,
  };
}

/** The same for the same run, whoever reports it (Contract: buildbutler.md 8, rule 5). */
function idOf(naturalKey: string | null): string {
  return naturalKey === null ? randomUUID() : hashUuid([naturalKey]);
}

/** What belongs to one attempt alone: another attempt neither keeps nor fills it. */
const ofOneAttempt = {
  durationMs: null,
  queueDurationMs: null,
  completedAt: null,
  isConcluded: false,
};

/** Gives the known row itself when the message says nothing new. */
function update(known: Build, said: Said, { naturalKey }: BuildIdentity, now: Date): Build {
  // Results were stored under it: another one would tear them from their build.
  if (said.repositoryId && known.repositoryId && said.repositoryId !== known.repositoryId) {
    throw new ValidationError([
      {
        path: ['input', 'repository'],
        message: 'is not the repository this build was stored with',
      },
    ]);
  }
  const next = { ...merge(known, said), naturalKey: known.naturalKey ?? naturalKey };
  return isDeepStrictEqual(next, known) ? known : { ...next, updatedAt: now };
}

/** A message without an attempt is about the one that is known. */
function merge(known: Build, said: Said): Build {
  const knownAttempt = known.attempt ?? 1;
  const attempt = said.attempt ?? knownAttempt;
  if (attempt > knownAttempt) return mergeKnown<Build>({ ...known, ...ofOneAttempt }, said, false);
  if (attempt < knownAttempt) return mergeKnown(known, { ...said, ...ofOneAttempt }, true);
  const isOverruled = known.isConcluded && said.isConcluded !== true;
  const isLate = progressOf(said.status) < progressOf(known.status) || isEarlierEnd(known, said);
  return mergeKnown(known, said, isOverruled || isLate);
}

/** A run whose jobs are run again ends more than once: the latest end counts, in whatever order they are told. */
function isEarlierEnd(known: Build, { isConcluded, completedAt }: Said): boolean {
  if (!known.isConcluded || isConcluded !== true) return false;
  return completedAt != null && known.completedAt !== null && completedAt < known.completedAt;
}

/** Keeps the other id that the sender knows the build by. */
async function keepAlias(
  tx: Queryable,
  { organizationId, id }: Build,
  identity: BuildIdentity,
): Promise<void> {
  if (identity.id === null || identity.id === id) return;
  await query(
    tx,
    sql`INSERT INTO build_aliases (organization_id, alias, build_id)
      VALUES (${organizationId}::uuid, ${identity.id}::uuid, ${id}::uuid) ON CONFLICT DO NOTHING`,
  );
}
