import type { z } from 'zod';
import type { UploadContext } from '../context.ts';
import type { SpooledFile } from '../blobs/spool.ts';
import type { Build, Submission } from '../db/generated/prisma/client.ts';
import type { SubmissionKind } from '../db/generated/prisma/enums.ts';
import { query, sql } from '../db/sql.ts';
import { hashId } from '../domain/object-id.ts';
import { storableText } from '../domain/text.ts';
import { ValidationError } from '../errors.ts';
import { buildOfUpload } from './build-of-upload.ts';
import { requireSubmission } from './find-parents.ts';
import { buildUrlOf } from './pass-on-facts.ts';
import { recordSubmission } from './record-submission.ts';
import type { UploadTarget } from './upload-target.ts';
import { dayMs } from '../domain/time.ts';

export interface OpenSubmission {
  readonly submission: Submission;
  readonly build: Build;
  /** The files in the order in which they are read, whatever the order in which they were sent. */
  readonly files: readonly SpooledFile[];
}

export interface UploadRequest {
  readonly kind: SubmissionKind;
  readonly target: z.output<typeof UploadTarget>;
  readonly files: readonly SpooledFile[];
  /** How to read the files, kept for reading them again. */
  readonly options: object;
}

/**
 * Keeps an upload before anything is read of it: its files in the blob store, its submission as PROCESSING. The
 * same files for the same build, read in the same way, are the same submission.
 */
export async function openSubmission(
  ctx: UploadContext,
  { kind, target, files: sent, options }: UploadRequest,
): Promise<OpenSubmission> {
  const { organizationId } = ctx.tenant;
  const files = [...sent].sort(byNameAndContent);
  const content = hashId(files.flatMap(({ name, sha256 }) => [name, sha256]));
  const build = await buildOfUpload(ctx, target, content);
  const { submission } = await recordSubmission(ctx, {
    repository: target.repository ?? (await repositoryOf(ctx, build)),
    buildId: build.id,
    buildUrl: buildUrlOf({ url: target.buildUrl ?? null }),
    branch: target.branch,
    commitSha: target.commitSha,
    treeSha: target.treeSha,
    source: target.source,
    tags: target.tags,
    key: keyOf(kind, [build.id, content, JSON.stringify(options)]),
    status: 'PROCESSING',
  });

  await query(
    ctx.db.pool,
    sql`UPDATE submissions SET kind = ${kind}::submission_kind, options = ${JSON.stringify(options)}::jsonb,
        raw_expires_at = ${new Date(ctx.now().getTime() + ctx.uploads.keptDays * dayMs)}
      WHERE organization_id = ${organizationId}::uuid AND id = ${submission.id}`,
  );
  const kept = files.map((file) => ({ ...file, blobKey: blobKey(submission, file) }));
  for (const file of kept) await ctx.uploads.blobs.putFile(file.blobKey, file.path);
  await keepFiles(ctx, submission, kept);
  const opened = await requireSubmission(ctx.db.pool, organizationId, submission.id);
  return { submission: opened, build, files };
}

function keyOf(kind: SubmissionKind, content: readonly string[]): string {
  return `${kind.toLowerCase()} ${hashId(content)}`;
}

function byNameAndContent(a: SpooledFile, b: SpooledFile): number {
  return compare(a.name, b.name) || compare(a.sha256, b.sha256);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function blobKey(
  { organizationId, id }: Submission,
  { sha256 }: Pick<SpooledFile, 'sha256'>,
): string {
  return `raw/${organizationId}/${id}/${sha256}`;
}

async function repositoryOf(
  { db }: UploadContext,
  { organizationId, repositoryId }: Build,
): Promise<{ owner: string; name: string }> {
  const [repository] = await query<{ owner: string; name: string }>(
    db.pool,
    sql`SELECT owner, name FROM repositories
      WHERE organization_id = ${organizationId}::uuid AND id = ${repositoryId}::uuid`,
  );
  if (repository !== undefined) return repository;
  throw new ValidationError([
    { path: ['input', 'repository'], message: 'is needed: the build has none' },
  ]);
}

/** The same upload may come twice at once, with the same files. */
async function keepFiles(
  { db }: UploadContext,
  { organizationId, id }: Submission,
  files: readonly (SpooledFile & { readonly blobKey: string })[],
): Promise<void> {
  const records = files.map(({ name, blobKey: key, sizeBytes }, position) => ({
    position,
    name: storableText(name),
    blob_key: key,
    size_bytes: sizeBytes,
  }));
  await query(
    db.pool,
    sql`INSERT INTO raw_files (organization_id, submission_id, position, name, blob_key, size_bytes)
      SELECT ${organizationId}::uuid, ${id}, position, name, blob_key, size_bytes
      FROM json_to_recordset(${JSON.stringify(records)}::json)
        AS said (position int, name text, blob_key text, size_bytes bigint)
      ON CONFLICT DO NOTHING`,
  );
}
