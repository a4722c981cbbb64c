import { z } from 'zod';
import type { SpooledFile } from '../blobs/spool.ts';
import type { UploadContext } from '../context.ts';
import type { Submission } from '../db/generated/prisma/client.ts';
import { parseInput } from '../domain/parse-input.ts';
import { coverageFormats } from '../formats/coverage/coverage-formats.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { type RecordedCoverage, recordCoverage } from './record-coverage.ts';
import { readUpload } from './read-upload.ts';
import { upload, type Uploaded } from './upload.ts';
import { UploadTarget } from './upload-target.ts';

const CoverageOptions = z.object({ format: z.enum(coverageFormats).nullish() });
const UploadCoverageInput = z.object({ ...UploadTarget.shape, ...CoverageOptions.shape });
export type UploadCoverageInput = z.input<typeof UploadCoverageInput>;

export type UploadedCoverage = Uploaded & RecordedCoverage;

/**
 * Stores the coverage reports of an upload as one report of its build, and what became of each file. The same files for
 * the same build are stored once.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if it names a build that is not there
 * @throws {TooLargeError} when what the files unpack to breaks a limit
 * @throws {ValidationError} if the input breaks a rule; a file that cannot be read is in the answer instead
 */
export async function uploadCoverage(
  ctx: UploadContext,
  input: UploadCoverageInput,
  files: readonly SpooledFile[],
): Promise<UploadedCoverage> {
  requireCapability(ctx.tenant, 'INGEST');
  const { format, ...target } = parseInput(UploadCoverageInput, input);
  const request = { kind: 'COVERAGE', target, files, options: { format } } as const;
  return upload(ctx, request, (submission, kept) => readCoverageFiles(ctx, submission, kept));
}

/** Reads the files of a submission of coverage, the first time or again. */
export async function readCoverageFiles(
  ctx: UploadContext,
  { id, buildId, options }: Submission,
  files: readonly SpooledFile[],
): Promise<RecordedCoverage> {
  const { format } = CoverageOptions.parse(options);
  return recordCoverage(ctx, { submissionId: id, buildId, format }, readUpload(files));
}
