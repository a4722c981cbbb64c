import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { SecurityReport } from '../db/generated/prisma/client.ts';
import { inTransaction, type Queryable } from '../db/sql.ts';
import { instant, RepositoryInput, uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { storableJson } from '../domain/storable-json.ts';
import { name, text } from '../domain/text.ts';
import { futureIssues } from '../domain/time.ts';
import { ValidationError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { closeReading, readOrFail } from './close-reading.ts';
import { ensureRepository } from './ensure-repository.ts';
import type { FileTally } from './file-tally.ts';
import { requireBuild } from './find-build.ts';
import { requireSubmission } from './find-parents.ts';
import { readSecurityReports, type Scan } from './read-security-reports.ts';
import type { UploadEntry } from './read-upload.ts';
import { shareFacts } from './share-facts.ts';
import { type ScanParents, writeSecurityReport } from './write-security-report.ts';

const RecordSecurityReportInput = z.object({
  buildId: uuid.nullish(),
  submissionId: text(24).nullish(),
  repository: RepositoryInput.nullish(),
  branch: text().nullish(),
  commitSha: text(128).nullish(),
  recordedAt: instant.nullish(),
  /** The scanner of reports that do not name one. */
  tool: name().nullish(),
  /** `sast`, `dependency`, `container` or `secret`; goes before what the reports say. */
  kind: text(64).nullish(),
  /** The report as it was sent, where that is to be kept in the row: also when nothing in it can be read. */
  document: z.record(z.string(), z.unknown()).nullish(),
});
export type RecordSecurityReportInput = z.input<typeof RecordSecurityReportInput>;

type Named = Pick<
  z.output<typeof RecordSecurityReportInput>,
  'buildId' | 'submissionId' | 'repository' | 'branch' | 'commitSha'
>;

export interface RecordedSecurityReports {
  /** One for each scanner, in the order in which the files name them; none when nothing could be read. */
  readonly reports: readonly SecurityReport[];
  /** How many of them are new. */
  readonly created: number;
  /** What became of each file, in their order; its `attempts` are findings. */
  readonly files: readonly FileTally[];
}

/**
 * Stores security reports of a build: one for each scanner, with its findings from all files. The same files for the
 * same build are stored once, in whatever order they are sent. A submission that brought them learns what became of
 * each file.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if it names a build or a submission that is not there
 * @throws {TooLargeError} when what the files unpack to breaks a limit
 * @throws {ValidationError} if the input breaks a rule; a file that cannot be read is in the answer instead
 */
export async function recordSecurityReport(
  ctx: ServiceContext,
  input: RecordSecurityReportInput,
  files: AsyncIterable<UploadEntry>,
): Promise<RecordedSecurityReports> {
  requireCapability(ctx.tenant, 'INGEST');
  const future = futureIssues(ctx.now(), { recordedAt: input.recordedAt });
  const { tool, kind, document, recordedAt, ...named } = parseInput(
    RecordSecurityReportInput,
    input,
    future,
  );
  const { organizationId } = ctx.tenant;
  // Whoever names what is not there hears so before anything is read.
  const expected = await findScanned(ctx.db.pool, organizationId, named);
  const read = await readOrFail(ctx, expected.submission, 'SECURITY', () =>
    readSecurityReports(files, tool ?? 'unknown'),
  );
  const scans = read.scans.length > 0 || document == null ? read.scans : [emptyScan(tool)];

  return inTransaction(ctx.db.pool, async (tx) => {
    await shareFacts(tx, { organizationId, ...expected });
    const parents = await findScanned(tx, organizationId, named);
    const facts = {
      content: read.content,
      kind: kind ?? null,
      recordedAt: recordedAt ?? (parents.submission ?? parents.build).recordedAt,
    };
    const written = [];
    for (const [index, scan] of scans.entries()) {
      // Of several scanners in one document the first has it.
      const kept = { ...facts, document: index === 0 ? storableJson(document ?? {}) : {} };
      written.push(await writeSecurityReport(tx, parents, scan, kept));
    }
    const created = written.filter((report) => report.created).length;
    for (const file of read.files) {
      file.accepted = created > 0 ? file.attempts : 0;
      file.duplicates = file.attempts - file.accepted;
    }
    await closeReading(tx, parents.submission, { kind: 'SECURITY', files: read.files });
    return { reports: written.map(({ report }) => report), created, files: read.files };
  });
}

function emptyScan(tool: string | null | undefined): Scan {
  return { tool: tool ?? 'unknown', findings: [], scanType: null, counts: null };
}

/** Gives the build that was scanned, and what is known of the code. */
async function findScanned(
  tx: Queryable,
  organizationId: string,
  { buildId, submissionId, repository, branch, commitSha }: Named,
): Promise<ScanParents> {
  const submission =
    submissionId == null ? null : await requireSubmission(tx, organizationId, submissionId);
  const scannedId = buildId ?? submission?.buildId;
  if (scannedId == null) {
    const message = 'needs a buildId, or the submissionId of an upload for a build';
    throw new ValidationError([{ path: ['input'], message }]);
  }
  const build = await requireBuild(tx, organizationId, scannedId);
  const named = repository == null ? null : await ensureRepository(tx, organizationId, repository);
  return {
    build,
    submission,
    repositoryId: submission?.repositoryId ?? build.repositoryId ?? named,
    branch: branch ?? submission?.branch ?? build.branch,
    commitSha: commitSha ?? submission?.commitSha ?? build.commitSha,
  };
}
