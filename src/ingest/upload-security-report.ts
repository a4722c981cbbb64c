import { z } from 'zod';
import type { SpooledFile } from '../blobs/spool.ts';
import type { UploadContext } from '../context.ts';
import type { Submission } from '../db/generated/prisma/client.ts';
import { parseInput } from '../domain/parse-input.ts';
import { name, text } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { type RecordedSecurityReports, recordSecurityReport } from './record-security-report.ts';
import { readUpload } from './read-upload.ts';
import { upload, type Uploaded } from './upload.ts';
import { UploadTarget } from './upload-target.ts';

const SecurityOptions = z.object({ tool: name().nullish(), kind: text(64).nullish() });
const UploadSecurityReportInput = z.object({ ...UploadTarget.shape, ...SecurityOptions.shape });
export type UploadSecurityReportInput = z.input<typeof UploadSecurityReportInput>;

export type UploadedSecurityReports = Uploaded & RecordedSecurityReports;

/**
 * Stores the security reports of an upload, one for each scanner, with their findings, and what became of each file.
 * The same files for the same build are stored once.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if it names a build that is not there
 * @throws {TooLargeError} when what the files unpack to breaks a limit
 * @throws {ValidationError} if the input breaks a rule; a file that cannot be read is in the answer instead
 */
export async function uploadSecurityReport(
  ctx: UploadContext,
  input: UploadSecurityReportInput,
  files: readonly SpooledFile[],
): Promise<UploadedSecurityReports> {
  requireCapability(ctx.tenant, 'INGEST');
  const { tool, kind, ...target } = parseInput(UploadSecurityReportInput, input);
  const request = { kind: 'SECURITY', target, files, options: { tool, kind } } as const;
  return upload(ctx, request, (submission, kept) => readSecurityFiles(ctx, submission, kept));
}

/** Reads the files of a submission of security reports, the first time or again. */
export async function readSecurityFiles(
  ctx: UploadContext,
  { id, buildId, options }: Submission,
  files: readonly SpooledFile[],
): Promise<RecordedSecurityReports> {
  const said = SecurityOptions.parse(options);
  return recordSecurityReport(ctx, { submissionId: id, buildId, ...said }, readUpload(files));
}
