import { fieldsOf, selectList } from '../db/columns.ts';
import type { Build, SecurityReport, Submission } from '../db/generated/prisma/client.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import { hashUuid } from '../domain/object-id.ts';
import type { Finding } from '../formats/security/finding.ts';
import { findingSeverities } from '../formats/security/severity.ts';
import { insertRows } from './insert-rows.ts';
import type { Scan } from './read-security-reports.ts';

/** What a report hangs on, and what it takes from it. */
export interface ScanParents {
  readonly build: Build;
  readonly submission: Submission | null;
  readonly repositoryId: string | null;
  readonly branch: string | null;
  readonly commitSha: string | null;
}

export interface ScanFacts {
  /** Hash of the files. */
  readonly content: string;
  readonly kind: string | null;
  /** Kept as it is: an object whose texts Postgres can hold. */
  readonly document: unknown;
  readonly recordedAt: Date;
}

/**
 * Writes the report of one scanner with its findings. Gives whether it is new: the same content for the same build has
 * the same id, and stays as it was stored first.
 */
export async function writeSecurityReport(
  tx: Queryable,
  parents: ScanParents,
  scan: Scan,
  facts: ScanFacts,
): Promise<{ report: SecurityReport; created: boolean }> {
  const { build, submission, repositoryId, branch, commitSha } = parents;
  const { organizationId } = build;
  const id = hashUuid(['security', build.id, scan.tool, facts.content]);
  const inserted = await query(
    tx,
    sql`INSERT INTO security_reports (organization_id, id, repository_id, build_id, submission_id, branch, commit_sha,
        tool, kind, severity_counts, document, recorded_at)
      VALUES (${organizationId}::uuid, ${id}::uuid, ${repositoryId}::uuid, ${build.id}::uuid,
        ${submission?.id ?? null}::text, ${branch}::text, ${commitSha}::text, ${scan.tool},
        ${facts.kind ?? scan.scanType}::text, ${JSON.stringify(countsOf(scan))}::jsonb,
        ${JSON.stringify(facts.document)}::jsonb, ${facts.recordedAt})
      ON CONFLICT (organization_id, id) DO NOTHING RETURNING id`,
  );
  const created = inserted.length > 0;
  if (created) {
    const rows = scan.findings.map((finding, position) => ({
      organizationId,
      reportId: id,
      position,
      ...columnsOf(finding),
    }));
    await insertRows(tx, 'SecurityFinding', rows);
  }
  const [report] = await query<SecurityReport>(
    tx,
    sql`SELECT ${selectList(fieldsOf('SecurityReport'))} FROM security_reports t
      WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${id}::uuid`,
  );
  if (report === undefined) throw new Error('a security report that was written is not there');
  return { report, created };
}

function columnsOf({ isProblem: _isProblem, tool: _tool, ...columns }: Finding) {
  return columns;
}

/** Findings by severity, those left out that somebody decided are no problem; what there is none of is absent. */
function countsOf({ findings, counts }: Scan): Record<string, number> {
  const open = findings.filter(({ isSuppressed }) => !isSuppressed);
  const counted = findingSeverities.map((severity) => {
    const listed = open.filter((finding) => finding.severity === severity).length;
    return [
      severity.toLowerCase(),
      findings.length > 0 ? listed : (counts?.[severity] ?? 0),
    ] as const;
  });
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}
