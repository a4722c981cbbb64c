import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { CoverageReport } from '../db/generated/prisma/client.ts';
import { inTransaction } from '../db/sql.ts';
import { instant, RepositoryInput, uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { text } from '../domain/text.ts';
import { futureIssues } from '../domain/time.ts';
import { ValidationError } from '../errors.ts';
import { coverageFormats } from '../formats/coverage/coverage-formats.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { closeReading, readOrFail } from './close-reading.ts';
import type { FileTally } from './file-tally.ts';
import { findParents } from './find-parents.ts';
import { shareFacts } from './share-facts.ts';
import { hasCoverage, readCoverage } from './read-coverage.ts';
import type { UploadEntry } from './read-upload.ts';
import { writeCoverage } from './write-coverage.ts';

const RecordCoverageInput = z.object({
  buildId: uuid.nullish(),
  submissionId: text(24).nullish(),
  repository: RepositoryInput.nullish(),
  branch: text().nullish(),
  commitSha: text(128).nullish(),
  recordedAt: instant.nullish(),
  /** The format of all files; found by their content when absent. */
  format: z.enum(coverageFormats).nullish(),
});
export type RecordCoverageInput = z.input<typeof RecordCoverageInput>;

export interface RecordedCoverage {
  /** Null when not one of the files could be read. */
  readonly report: CoverageReport | null;
  /** False when the same files were stored for the build before. */
  readonly created: boolean;
  /** What became of each file, in their order; its `attempts` are source files. */
  readonly files: readonly FileTally[];
}

/**
 * Stores coverage reports of a build, one or many, as one report: what several of them say of a source file is
 * merged line by line. The same files for the same build are stored once, in whatever order they are sent. A
 * submission that brought them learns what became of each file.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if it names a build or a submission that is not there
 * @throws {TooLargeError} when what the files unpack to breaks a limit
 * @throws {ValidationError} if the input breaks a rule; a file that cannot be read is in the answer instead
 */
export async function recordCoverage(
  ctx: ServiceContext,
  input: RecordCoverageInput,
  files: AsyncIterable<UploadEntry>,
): Promise<RecordedCoverage> {
  requireCapability(ctx.tenant, 'INGEST');
  const future = futureIssues(ctx.now(), { recordedAt: input.recordedAt });
  const { format, recordedAt, ...named } = parseInput(RecordCoverageInput, input, future);
  if (named.buildId == null && named.submissionId == null) {
    throw new ValidationError([{ path: ['input'], message: 'needs a buildId or a submissionId' }]);
  }
  const { organizationId } = ctx.tenant;
  // Whoever names what is not there hears so before anything is read.
  const expected = await findParents(ctx.db.pool, organizationId, named);
  const read = await readOrFail(ctx, expected.submission, 'COVERAGE', () =>
    readCoverage(files, format ?? null),
  );

  return inTransaction(ctx.db.pool, async (tx) => {
    await shareFacts(tx, expected);
    const parents = await findParents(tx, organizationId, named);
    const stored = hasCoverage(read)
      ? await writeCoverage(tx, parents, read, recordedAt ?? parents.recordedAt)
      : { report: null, created: false };
    for (const file of read.files) {
      file.accepted = stored.created ? file.attempts : 0;
      file.duplicates = file.attempts - file.accepted;
    }
    await closeReading(tx, parents.submission, { kind: 'COVERAGE', files: read.files });
    return { ...stored, files: read.files };
  });
}
