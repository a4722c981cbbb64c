import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { fieldsOf, selectList } from '../db/columns.ts';
import type { Build, Submission } from '../db/generated/prisma/client.ts';
import { SubmissionStatus } from '../db/generated/prisma/enums.ts';
import { lockNames, shareNames } from '../db/lock.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { upsertRows } from '../db/upsert.ts';
import { instant, list, RepositoryInput, uuid } from '../domain/fields.ts';
import { mergeKnown } from '../domain/merge.ts';
import { objectId } from '../domain/object-id.ts';
import { parseInput } from '../domain/parse-input.ts';
import { name, text } from '../domain/text.ts';
import { futureIssues } from '../domain/time.ts';
import { ValidationError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { ensureRepository } from './ensure-repository.ts';
import { requireBuild } from './find-build.ts';
import { factsLock, identityLock, submissionLock } from './lock-order.ts';
import { buildUrlOf, maxBuildUrl, passOnSubmission } from './pass-on-facts.ts';

export const RecordSubmissionInput = z
  .object({
    repository: RepositoryInput,
    key: name(),
    buildId: uuid.nullish(),
    buildUrl: text(maxBuildUrl).nullish(),
    branch: text().nullish(),
    commitSha: text(128).nullish(),
    treeSha: text(128).nullish(),
    source: text(128).nullish(),
    status: z.enum(SubmissionStatus).nullish(),
    failureReason: name(10_000).nullish(),
    tags: list(text(), 100).nullish(),
    recordedAt: instant.nullish(),
  })
  .refine(({ status, failureReason }) => (status === 'FAILED') === (failureReason != null), {
    path: ['failureReason'],
    error: 'goes with status FAILED, and FAILED needs it',
  });
export type RecordSubmissionInput = z.input<typeof RecordSubmissionInput>;

export interface RecordedSubmission {
  readonly submission: Submission;
  /** False when a known submission was updated. */
  readonly created: boolean;
}

/**
 * Stores one submission, recognised by its repository and key. A known one keeps its id and time, and
 * what is absent keeps its value.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if it names a build that is not there
 * @throws {ValidationError} naming each field that breaks its rule
 */
export async function recordSubmission(
  ctx: ServiceContext,
  input: RecordSubmissionInput,
): Promise<RecordedSubmission> {
  requireCapability(ctx.tenant, 'INGEST');
  const future = futureIssues(ctx.now(), { recordedAt: input.recordedAt });
  const said = parseInput(RecordSubmissionInput, input, future);
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    const repositoryId = await ensureRepository(tx, organizationId, said.repository);
    await shareNames(tx, [identityLock(organizationId, repositoryId)]);
    await lockNames(tx, [submissionLock(organizationId, repositoryId, said.key)]);
    const build = said.buildId == null ? null : await takeBuild(tx, organizationId, said.buildId);
    refuseOtherRepository(repositoryId, build);
    const known = await findSubmission(tx, organizationId, repositoryId, said.key);
    const row = withBuild(
      known ? update(known, said) : create(said, { organizationId, repositoryId, now: ctx.now() }),
      build,
    );
    if (known !== undefined && isDeepStrictEqual(row, known))
      return { submission: known, created: false };

    const [submission] = await upsertRows<Submission>(
      tx,
      'Submission',
      [row],
      ['organizationId', 'id'],
    );
    if (submission === undefined) throw new Error('an upsert of a submission returned no row');
    if (known !== undefined) await passOnSubmission(tx, known, submission);
    return { submission, created: known === undefined };
  });
}

function refuseOtherRepository(repositoryId: string, build: Build | null): void {
  if (build?.repositoryId == null || build.repositoryId === repositoryId) return;
  throw new ValidationError([
    { path: ['input', 'repository'], message: 'is not the repository of the build' },
  ]);
}

/** Gives the build; what it learns until this transaction ends reaches the submission from there. */
async function takeBuild(tx: Queryable, organizationId: string, id: string): Promise<Build> {
  const build = await requireBuild(tx, organizationId, id);
  await shareNames(tx, [factsLock(organizationId, build.id)]);
  return requireBuild(tx, organizationId, build.id);
}

/** Its row is held: results that are counted meanwhile wait. */
async function findSubmission(
  tx: Queryable,
  organizationId: string,
  repositoryId: string,
  key: string,
): Promise<Submission | undefined> {
  const [known] = await query<Submission>(
    tx,
    sql`SELECT ${selectList(fieldsOf('Submission'))} FROM submissions t
      WHERE t.organization_id = ${organizationId}::uuid AND t.repository_id = ${repositoryId}::uuid
        AND t.key = ${key} FOR NO KEY UPDATE`,
  );
  return known;
}

type Said = z.output<typeof RecordSubmissionInput>;

interface Place {
  readonly organizationId: string;
  readonly repositoryId: string;
  readonly now: Date;
}

function create(said: Said, { organizationId, repositoryId, now }: Place): Submission {
  const recordedAt = said.recordedAt ?? now;
  const blank: Submission = {
    organizationId,
    id: objectId(recordedAt, [repositoryId, said.key]),
    repositoryId,
    buildId: null,
    key: said.key,
    buildUrl: null,
    branch: null,
    commitSha: null,
    treeSha: null,
    source: null,
    kind: 'TEST_RESULTS',
    status: 'PROCESSED',
    failureReason: null,
    tags: [],
    testResultCount: 0n,
    options: {},
    rawExpiresAt: null,
    recordedAt,
    createdAt: now,
  };
  return mergeKnown(blank, stated(said), false);
}

/** That it is being read, come after what became of it, only fills gaps. */
function update(known: Submission, said: Said): Submission {
  const isLate = said.status === 'PROCESSING' && known.status !== 'PROCESSING';
  const next = mergeKnown(known, stated(said), isLate);
  return next.status === 'FAILED' ? next : { ...next, failureReason: null };
}

/** Its repository, key and time are fixed when it is first sent. */
function stated({ repository, recordedAt, buildId, ...said }: Said): Partial<Submission> {
  return said as Partial<Submission>; // undefined and null are both "not said" to the merge
}

/** What the submission does not say itself is as its build says. */
function withBuild(row: Submission, build: Build | null): Submission {
  if (build === null) return row;
  return {
    ...row,
    buildId: build.id,
    buildUrl: row.buildUrl ?? buildUrlOf(build),
    branch: row.branch ?? build.branch,
    commitSha: row.commitSha ?? build.commitSha,
    treeSha: row.treeSha ?? build.treeSha,
    source: row.source ?? build.source,
  };
}
