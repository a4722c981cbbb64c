import type { SpooledFile } from '../blobs/spool.ts';
import type { UploadContext } from '../context.ts';
import type { Build, Submission } from '../db/generated/prisma/client.ts';
import { ValidationError } from '../errors.ts';
import type { FileTally } from './file-tally.ts';
import { requireSubmission } from './find-parents.ts';
import { openSubmission, type UploadRequest } from './open-submission.ts';

/** What every upload answers. */
export interface Uploaded {
  readonly build: Build;
  /** As it is after the files were read. */
  readonly submission: Submission;
  /** What became of each file, in the order of their names; those of archives one by one. */
  readonly files: readonly FileTally[];
}

/** Reads the files of a submission, and stores what they say. */
export type Read<Result> = (
  submission: Submission,
  files: readonly SpooledFile[],
) => Promise<Result>;

/**
 * Keeps the files of an upload, then reads them: what cannot be read now can be read again later. A few uploads are
 * read at once, the others wait.
 *
 * @throws {NotFoundError} if it names a build that is not there
 * @throws {ValidationError} if there is no file, or nothing that says what they belong to
 */
export async function upload<Result>(
  ctx: UploadContext,
  request: UploadRequest,
  read: Read<Result>,
): Promise<Result & Omit<Uploaded, 'files'>> {
  if (request.files.length === 0) {
    throw new ValidationError([{ path: ['files'], message: 'must hold at least one file' }]);
  }
  return ctx.uploads.limit(async () => {
    const { submission, build, files } = await openSubmission(ctx, request);
    const result = await read(submission, files);
    const { organizationId, id } = submission;
    return {
      ...result,
      build,
      submission: await requireSubmission(ctx.db.pool, organizationId, id),
    };
  });
}
