import { fieldsOf, selectList } from '../db/columns.ts';
import type { CoverageReport } from '../db/generated/prisma/client.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import { hashUuid } from '../domain/object-id.ts';
import { countAll, coveredFiles } from '../formats/coverage/coverage-tally.ts';
import type { ResultParents } from './find-parents.ts';
import { insertRows } from './insert-rows.ts';
import type { ReadCoverage } from './read-coverage.ts';

/**
 * Writes one report with its files, sorted by path. Gives whether it is new: the same content for the same build has
 * the same id, and stays as it was stored first.
 */
export async function writeCoverage(
  tx: Queryable,
  parents: ResultParents,
  { tally, formats, content }: ReadCoverage,
  recordedAt: Date,
): Promise<{ report: CoverageReport; created: boolean }> {
  const { organizationId, repositoryId, build, submission, branch, commitSha } = parents;
  const scope = build === null ? parents.identity : `build ${build.id}`;
  const id = hashUuid(['coverage', scope, content]);
  const { covered, coverable } = countAll(tally);
  const inserted = await query(
    tx,
    sql`INSERT INTO coverage_reports (organization_id, id, repository_id, build_id, submission_id, format, branch,
        commit_sha, covered_lines, coverable_lines, recorded_at)
      VALUES (${organizationId}::uuid, ${id}::uuid, ${repositoryId}::uuid, ${build?.id ?? null}::uuid,
        ${submission?.id ?? null}::text, ${formats.join(', ')}, ${branch}::text, ${commitSha}::text,
        ${covered}, ${coverable}, ${recordedAt})
      ON CONFLICT (organization_id, id) DO NOTHING RETURNING id`,
  );
  const created = inserted.length > 0;
  if (created) {
    const files = coveredFiles(tally).map((file, position) => ({
      organizationId,
      reportId: id,
      position,
      ...file,
    }));
    await insertRows(tx, 'CoverageFile', files);
  }
  return { report: await readReport(tx, organizationId, id), created };
}

async function readReport(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<CoverageReport> {
  const [report] = await query<CoverageReport>(
    tx,
    sql`SELECT ${selectList(fieldsOf('CoverageReport'))} FROM coverage_reports t
      WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${id}::uuid`,
  );
  if (report === undefined) throw new Error('a coverage report that was written is not there');
  return report;
}
