import { BlobNotFoundError } from '../blobs/blob-store.ts';
import type { SpooledFile } from '../blobs/spool.ts';
import type { UploadContext } from '../context.ts';
import type { Submission } from '../db/generated/prisma/client.ts';
import type { SubmissionKind } from '../db/generated/prisma/enums.ts';
import { query, sql } from '../db/sql.ts';
import { ConflictError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { requireBuild } from './find-build.ts';
import { requireSubmission } from './find-parents.ts';
import type { FileTally } from './file-tally.ts';
import { readTestReports } from './read-test-reports.ts';
import type { Uploaded } from './upload.ts';
import { readCoverageFiles } from './upload-coverage.ts';
import { readSecurityFiles } from './upload-security-report.ts';

type ReadAgain = (
  ctx: UploadContext,
  submission: Submission,
  files: readonly SpooledFile[],
) => Promise<{ readonly files: readonly FileTally[] }>;

const readers = {
  TEST_RESULTS: async (...said) => ({ files: await readTestReports(...said) }),
  COVERAGE: readCoverageFiles,
  SECURITY: readSecurityFiles,
} as const satisfies Record<SubmissionKind, ReadAgain>;

/**
 * Reads the files of a submission again, as they were sent. What was stored of them before stays as it is.
 *
 * @throws {ConflictError} when its files are no longer kept, or never were
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if the submission is not there
 * @throws {TooLargeError} when what the files unpack to breaks a limit
 */
export async function reprocessSubmission(
  ctx: UploadContext,
  submissionId: string,
): Promise<Uploaded> {
  requireCapability(ctx.tenant, 'INGEST');
  const { organizationId } = ctx.tenant;
  const submission = await requireSubmission(ctx.db.pool, organizationId, submissionId);
  const kept = await keptFiles(ctx, submissionId);
  if (kept.length === 0 || submission.buildId === null) {
    throw new ConflictError(
      `the files of submission ${submissionId} are no longer kept: send them again`,
    );
  }
  const build = await requireBuild(ctx.db.pool, organizationId, submission.buildId);

  return ctx.uploads.limit(async () => {
    const files: SpooledFile[] = [];
    try {
      for (const file of kept) files.push(await fetchFile(ctx, file));
      const { files: tallies } = await readers[submission.kind](ctx, submission, files);
      const read = await requireSubmission(ctx.db.pool, organizationId, submissionId);
      return { build, submission: read, files: tallies };
    } finally {
      for (const file of files) await file.remove();
    }
  });
}

interface KeptFile {
  readonly name: string;
  readonly blobKey: string;
  readonly sizeBytes: bigint;
}

/** In the order in which they were read the first time. */
function keptFiles({ db, tenant }: UploadContext, submissionId: string): Promise<KeptFile[]> {
  return query<KeptFile>(
    db.pool,
    sql`SELECT name, blob_key AS "blobKey", size_bytes AS "sizeBytes" FROM raw_files
      WHERE organization_id = ${tenant.organizationId}::uuid AND submission_id = ${submissionId}
      ORDER BY position`,
  );
}

async function fetchFile(
  { uploads }: UploadContext,
  { name, blobKey, sizeBytes }: KeptFile,
): Promise<SpooledFile> {
  try {
    const content = await uploads.blobs.read(blobKey);
    return await uploads.spool.receive(content, { name, maxBytes: Number(sizeBytes) });
  } catch (error) {
    if (!(error instanceof BlobNotFoundError)) throw error;
    throw new ConflictError(`the file ${name} is no longer in the blob store: send it again`);
  }
}
