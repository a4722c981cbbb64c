import { z } from 'zod';
import type { SpooledFile } from '../blobs/spool.ts';
import type { UploadContext } from '../context.ts';
import type { Build, Submission } from '../db/generated/prisma/client.ts';
import { parseInput } from '../domain/parse-input.ts';
import { ValidationError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import type { FileTally } from './file-tally.ts';
import { requireSubmission } from './find-parents.ts';
import { openSubmission } from './open-submission.ts';
import { ReportOptions, readSubmission } from './read-submission.ts';
import { UploadTarget } from './upload-target.ts';

const UploadTestReportsInput = z.object({ ...UploadTarget.shape, ...ReportOptions.shape });
export type UploadTestReportsInput = z.input<typeof UploadTestReportsInput>;

export interface UploadedReports {
  readonly build: Build;
  readonly submission: Submission;
  /** In the order of their names; those of archives one by one. */
  readonly files: readonly FileTally[];
}

/**
 * Stores the attempts in test reports of any format, packed or not, and what became of each file. All of it
 * becomes visible at once. The files are kept first: what cannot be read now can be read again later. Sent again,
 * whole or in part, alone or at the same time, an attempt is stored once.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if it names a build that is not there
 * @throws {TooLargeError} when what the files unpack to breaks a limit
 * @throws {ValidationError} if the input breaks a rule; a file that cannot be read is in the answer instead
 */
export async function uploadTestReports(
  ctx: UploadContext,
  input: UploadTestReportsInput,
  files: readonly SpooledFile[],
): Promise<UploadedReports> {
  requireCapability(ctx.tenant, 'INGEST');
  const { format, variant, variantFrom, ...target } = parseInput(UploadTestReportsInput, input);
  if (files.length === 0) {
    throw new ValidationError([{ path: ['files'], message: 'must hold at least one file' }]);
  }
  const options = { format, variant, variantFrom };

  return ctx.uploads.limit(async () => {
    const request = { kind: 'TEST_RESULTS', target, files, options } as const;
    const { submission, build, files: sorted } = await openSubmission(ctx, request);
    const tallies = await readSubmission(ctx, submission, sorted);
    const { organizationId } = ctx.tenant;
    const read = await requireSubmission(ctx.db.pool, organizationId, submission.id);
    return { build, submission: read, files: tallies };
  });
}
