import { z } from 'zod';
import type { SpooledFile } from '../blobs/spool.ts';
import type { UploadContext } from '../context.ts';
import { parseInput } from '../domain/parse-input.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { ReportOptions, readTestReports } from './read-test-reports.ts';
import { upload, type Uploaded } from './upload.ts';
import { UploadTarget } from './upload-target.ts';

const UploadTestReportsInput = z.object({ ...UploadTarget.shape, ...ReportOptions.shape });
export type UploadTestReportsInput = z.input<typeof UploadTestReportsInput>;

/**
 * Stores the attempts in test reports of any format, packed or not, and what became of each file. All of it
 * becomes visible at once. Sent again, whole or in part, alone or at the same time, an attempt is stored once.
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
): Promise<Uploaded> {
  requireCapability(ctx.tenant, 'INGEST');
  const { format, variant, variantFrom, ...target } = parseInput(UploadTestReportsInput, input);
  const options = { format, variant, variantFrom };

  return upload(
    ctx,
    { kind: 'TEST_RESULTS', target, files, options },
    async (submission, kept) => ({
      files: await readTestReports(ctx, submission, kept),
    }),
  );
}
