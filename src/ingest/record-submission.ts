import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { fieldsOf, selectList } from '../db/columns.ts';
import type { Submission } from '../db/generated/prisma/client.ts';
import { SubmissionStatus } from '../db/generated/prisma/enums.ts';
import { lockNames } from '../db/lock.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { instant, RepositoryInput, uuid } from '../domain/fields.ts';
import { objectId } from '../domain/object-id.ts';
import { parseInput } from '../domain/parse-input.ts';
import { name, text } from '../domain/text.ts';
import { notInFuture } from '../domain/time.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { ensureRepository } from './ensure-repository.ts';
import { requireBuild } from './find-build.ts';

export const RecordSubmissionInput = z
  .object({
    repository: RepositoryInput,
    key: name(),
    buildId: uuid.nullish(),
    buildUrl: text().nullish(),
    branch: text().nullish(),
    commitSha: text(128).nullish(),
    treeSha: text(128).nullish(),
    source: text(128).nullish(),
    status: z.enum(SubmissionStatus).nullish(),
    failureReason: name(10_000).nullish(),
    tags: z.array(text()).max(100).nullish(),
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
  const said = parseInput(RecordSubmissionInput, input);
  notInFuture(ctx.now(), ['input', 'recordedAt'], said.recordedAt);
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    const repositoryId = await ensureRepository(tx, organizationId, said.repository);
    const build = said.buildId == null ? null : await requireBuild(tx, organizationId, said.buildId);
    const recordedAt = said.recordedAt ?? ctx.now();
    await lockNames(tx, [`submission ${organizationId} ${repositoryId} ${said.key}`]);
    const [stored] = await query<Submission & { $created: boolean }>(
      tx,
      sql`INSERT INTO submissions AS t (organization_id, id, repository_id, build_id, key, build_url, branch,
          commit_sha, tree_sha, source, status, failure_reason, tags, recorded_at)
        VALUES (${organizationId}::uuid, ${objectId(recordedAt, [repositoryId, said.key])},
          ${repositoryId}::uuid, ${build?.id ?? null}::uuid, ${said.key}, ${said.buildUrl ?? build?.url ?? null},
          ${said.branch ?? build?.branch ?? null}, ${said.commitSha ?? build?.commitSha ?? null},
          ${said.treeSha ?? build?.treeSha ?? null}, ${said.source ?? build?.source ?? null},
          ${said.status ?? 'PROCESSED'}::submission_status, ${said.failureReason ?? null},
          ${said.tags ?? []}::text[], ${recordedAt}::timestamptz)
        ON CONFLICT (organization_id, repository_id, key) DO UPDATE SET
          build_id = coalesce(EXCLUDED.build_id, t.build_id),
          build_url = coalesce(EXCLUDED.build_url, t.build_url),
          branch = coalesce(EXCLUDED.branch, t.branch),
          commit_sha = coalesce(EXCLUDED.commit_sha, t.commit_sha),
          tree_sha = coalesce(EXCLUDED.tree_sha, t.tree_sha),
          source = coalesce(EXCLUDED.source, t.source),
          status = coalesce(${said.status ?? null}::submission_status, t.status),
          failure_reason = CASE WHEN ${said.status ?? null}::submission_status IS NULL
            THEN t.failure_reason ELSE EXCLUDED.failure_reason END,
          tags = CASE WHEN ${said.tags == null} THEN t.tags ELSE EXCLUDED.tags END
        RETURNING ${selectList(fieldsOf('Submission'))}, t.xmax = 0 AS "$created"`,
    );
    if (stored === undefined) throw new Error('an upsert of a submission returned no row');

    const { $created: created, ...submission } = stored;
    return { submission, created };
  });
}
