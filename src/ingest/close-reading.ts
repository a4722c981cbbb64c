import type { ServiceContext } from '../context.ts';
import type { Submission } from '../db/generated/prisma/client.ts';
import type { SubmissionKind } from '../db/generated/prisma/enums.ts';
import { inTransaction, type Queryable } from '../db/sql.ts';
import { TooLargeError } from '../errors.ts';
import { ArchiveError } from '../formats/archive.ts';
import { closeSubmission, failureOf, keepTallies } from './close-submission.ts';
import type { FileTally } from './file-tally.ts';

/** Keeps what became of the files with the submission that brought them, if it is there for them alone. */
export async function closeReading(
  tx: Queryable,
  submission: Submission | null,
  { kind, files }: { readonly kind: SubmissionKind; readonly files: readonly FileTally[] },
): Promise<void> {
  if (submission?.kind !== kind) return;
  await closeSubmission(tx, submission, failureOf(files));
  await keepTallies(tx, submission, files);
}

/**
 * Reads files that may unpack to too much; the submission that brought them is FAILED then.
 *
 * @throws {TooLargeError} when what the files unpack to breaks a limit
 */
export async function readOrFail<Read>(
  { db }: ServiceContext,
  submission: Submission | null,
  kind: SubmissionKind,
  read: () => Promise<Read>,
): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    const { message } = error;
    if (submission?.kind === kind)
      await inTransaction(db.pool, (tx) => closeSubmission(tx, submission, message));
    throw new TooLargeError(message);
  }
}
