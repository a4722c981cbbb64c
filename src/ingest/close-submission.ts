import { type Queryable, query, sql } from '../db/sql.ts';
import { storableText } from '../domain/text.ts';
import type { Submission } from '../db/generated/prisma/client.ts';
import type { FileTally } from './file-tally.ts';

/**
 * Keeps what became of each file. Read again, a file's accepted items are those of all readings: an upload that is sent
 * twice ends in the same rows.
 */
export async function keepTallies(
  tx: Queryable,
  { organizationId, id }: Pick<Submission, 'organizationId' | 'id'>,
  tallies: readonly FileTally[],
): Promise<void> {
  const records = tallies.map((tally, position) => ({
    position,
    name: storableText(tally.name),
    format: tally.format,
    attempts: tally.attempts,
    accepted: tally.accepted,
    duplicates: tally.duplicates,
    rejected_count: tally.rejectedCount,
    rejects: tally.rejects,
    warning_count: tally.warningCount,
    warnings: tally.warnings.map(storableText),
    problem: tally.problem === null ? null : storableText(tally.problem),
  }));
  await query(
    tx,
    sql`DELETE FROM report_files WHERE organization_id = ${organizationId}::uuid AND submission_id = ${id}
      AND position >= ${tallies.length}`,
  );
  await query(
    tx,
    sql`INSERT INTO report_files AS f (organization_id, submission_id, position, name, format, attempts, accepted,
        duplicates, rejected_count, rejects, warning_count, warnings, problem)
      SELECT ${organizationId}::uuid, ${id}, position, name, format, attempts, accepted,
        duplicates, rejected_count, rejects, warning_count, warnings, problem
      FROM json_populate_recordset(NULL::report_files, ${JSON.stringify(records)}::json)
      ON CONFLICT (organization_id, submission_id, position) DO UPDATE SET
        name = EXCLUDED.name, format = EXCLUDED.format, attempts = EXCLUDED.attempts,
        accepted = EXCLUDED.accepted + CASE WHEN f.name = EXCLUDED.name THEN f.accepted ELSE 0 END,
        duplicates = greatest(0,
          EXCLUDED.duplicates - CASE WHEN f.name = EXCLUDED.name THEN f.accepted ELSE 0 END),
        rejected_count = EXCLUDED.rejected_count, rejects = EXCLUDED.rejects,
        warning_count = EXCLUDED.warning_count, warnings = EXCLUDED.warnings, problem = EXCLUDED.problem`,
  );
}

/**
 * Says what became of the upload as a whole: read, unless not one of its files could be. Before `keepTallies`: two
 * readings of one upload then wait for its row, never for each other.
 */
export async function closeSubmission(
  tx: Queryable,
  { organizationId, id }: Pick<Submission, 'organizationId' | 'id'>,
  failureReason: string | null,
): Promise<void> {
  await query(
    tx,
    sql`UPDATE submissions SET status = ${failureReason === null ? 'PROCESSED' : 'FAILED'}::submission_status,
        failure_reason = ${failureReason === null ? null : storableText(failureReason).slice(0, 10_000)}
      WHERE organization_id = ${organizationId}::uuid AND id = ${id}`,
  );
}

/** Why an upload failed as a whole; null when something of it could be read. */
export function failureOf(tallies: readonly FileTally[]): string | null {
  if (tallies.length === 0) return 'The upload holds no file.';
  if (tallies.some(({ problem, attempts }) => problem === null || attempts > 0)) return null;
  const [first] = tallies;
  const others = tallies.length > 1 ? ` (and ${String(tallies.length - 1)} more files)` : '';
  return `${first?.name ?? ''}: ${first?.problem ?? ''}${others}`;
}
