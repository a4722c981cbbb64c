import { z } from 'zod';
import type { UploadContext } from '../context.ts';
import type { Submission } from '../db/generated/prisma/client.ts';
import { inTransaction, type Queryable } from '../db/sql.ts';
import { list } from '../domain/fields.ts';
import { text } from '../domain/text.ts';
import type { Upload } from '../formats/archive.ts';
import { reportFormats } from '../formats/report-formats.ts';
import { readOrFail } from './close-reading.ts';
import { closeSubmission, failureOf, keepTallies } from './close-submission.ts';
import { collectResults } from './collect-results.ts';
import type { FileTally } from './file-tally.ts';
import { findParents, type ResultParents } from './find-parents.ts';
import type { ResultSource } from './result-source.ts';
import { type ReadOptions, readReports } from './read-reports.ts';
import { takeParents } from './take-parents.ts';
import { writeTestResults } from './write-test-results.ts';

/** How the files of an upload are read. */
export const ReportOptions = z.object({
  format: z.enum(reportFormats).nullish(),
  variant: text(256).nullish(),
  variantFrom: list(text(256), 10).nullish(),
});

/**
 * Reads the reports of a submission and stores their attempts, in one transaction: all of it becomes visible at
 * once, or nothing. Gives what became of each file.
 *
 * @throws {TooLargeError} when what the files unpack to breaks a limit; the submission is FAILED then
 */
export async function readTestReports(
  ctx: UploadContext,
  submission: Submission,
  files: readonly Upload[],
): Promise<readonly FileTally[]> {
  return readOrFail(ctx, submission, 'TEST_RESULTS', () =>
    inTransaction(ctx.db.pool, (tx) => readAll(tx, ctx, submission, files)),
  );
}

async function readAll(
  tx: Queryable,
  { db }: UploadContext,
  submission: Submission,
  files: readonly Upload[],
): Promise<readonly FileTally[]> {
  const { organizationId, id } = submission;
  const named = { submissionId: id, buildId: submission.buildId };
  const tallies: FileTally[] = [];
  const found = await findParents(tx, organizationId, named);
  const pieces = readReports(files, readOptions(submission), tallies);
  const { source, days } = await collectResults(tx, ofBuild(found), pieces, tallies);
  await db.partitions.ensure(days);

  const parents = ofBuild(await takeParents(tx, named, found));
  await store(tx, parents, source, tallies);
  await closeSubmission(tx, submission, failureOf(tallies));
  await keepTallies(tx, submission, tallies);
  return tallies;
}

function readOptions({ options, recordedAt }: Submission): ReadOptions {
  const { format, variant, variantFrom } = ReportOptions.parse(options);
  return {
    format: format ?? null,
    variant: { variant: variant ?? null, properties: variantFrom ?? null },
    receivedAt: recordedAt,
  };
}

/** A report sent in another upload for the same build meets its own rows. */
function ofBuild(parents: ResultParents): ResultParents {
  if (parents.build === null) return parents;
  const { id, recordedAt } = parents.build;
  return { ...parents, identity: `build ${id}`, recordedAt };
}

async function store(
  tx: Queryable,
  parents: ResultParents,
  source: ResultSource,
  tallies: readonly FileTally[],
): Promise<void> {
  const written = await writeTestResults(tx, parents, source);
  for (const [file, tally] of tallies.entries()) {
    tally.accepted = written.get(file) ?? 0;
    tally.duplicates = tally.attempts - tally.rejectedCount - tally.accepted;
  }
}
