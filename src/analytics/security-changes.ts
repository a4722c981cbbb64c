import type { ServiceContext } from '../context.ts';
import { fieldsOf, selectList } from '../db/columns.ts';
import type { SecurityReport } from '../db/generated/prisma/client.ts';
import { join, type Sql, sql } from '../db/sql.ts';
import type { Listing } from './listing.ts';
import { type SecurityFindingFilter, securityFindings } from './security-findings.ts';

/**
 * The id of the report before one, a scalar subquery: the latest of the same repository, tool and branch that was
 * recorded before it. Reports of one build and one moment are parts of one scan, and none comes before another. Of code
 * whose repository is not known there is none.
 */
export function previousReport(organizationId: string, reportId: Sql): Sql {
  const before = (branch: Sql): Sql => sql`(SELECT o.id, o.recorded_at FROM security_reports o
      WHERE o.organization_id = ${organizationId}::uuid AND o.repository_id = r.repository_id
        AND md5(o.tool) = md5(r.tool) AND o.tool = r.tool AND ${branch} AND (o.recorded_at, o.id) < (r.recorded_at, r.id)
        AND (o.build_id, o.recorded_at) <> (r.build_id, r.recorded_at)
      ORDER BY o.recorded_at DESC, o.id DESC LIMIT 1)`;
  const ofBranch = before(sql`md5(o.branch) = md5(r.branch) AND o.branch = r.branch`);
  const ofNone = before(sql`md5(o.branch) IS NULL AND r.branch IS NULL`);
  // Two ways, each with its index range: no index answers IS NOT DISTINCT FROM. The index holds hashes of the names.
  return sql`(SELECT o.id FROM security_reports r CROSS JOIN LATERAL (
      ${ofBranch} UNION ALL ${ofNone}) o
    WHERE r.organization_id = ${organizationId}::uuid AND r.id = ${reportId})`;
}

/** A finding of the other report is the same as one of `t`. A scalar subquery: each costs one look into the index. */
function isIn(organizationId: string, reportId: Sql, also: Sql): Sql {
  return sql`(SELECT true FROM security_findings o WHERE o.organization_id = ${organizationId}::uuid
    AND o.report_id = ${reportId} AND o.fingerprint = t.fingerprint AND ${also} LIMIT 1)`;
}

const anyway = sql`true`;

/** Open findings of the report that were not open in the one before; all open ones when there is none. */
function areNew(organizationId: string, reportId: Sql): Sql[] {
  const previous = previousReport(organizationId, reportId);
  return [
    sql`t.report_id = ${reportId}`,
    sql`NOT t.is_suppressed`,
    sql`${isIn(organizationId, previous, sql`NOT o.is_suppressed`)} IS NULL`,
  ];
}

/** Findings that were open in the report before, and are not in this one, not even suppressed. */
function areFixed(organizationId: string, reportId: Sql): Sql[] {
  return [
    sql`t.report_id = ${previousReport(organizationId, reportId)}`,
    sql`NOT t.is_suppressed`,
    sql`${isIn(organizationId, reportId, anyway)} IS NULL`,
  ];
}

type Findings = Listing<'SecurityFinding', SecurityFindingFilter, 'POSITION'>;

/** What a report has and the one before had not. */
export const newFindings: Findings = { ...securityFindings, within: areNew };

/** What the report before had and this one has not, in the order of the report before. */
export const fixedFindings: Findings = { ...securityFindings, within: areFixed };

/** The document may be megabytes, and no field shows it. */
const shown = fieldsOf('SecurityReport').filter((field) => field !== 'document');

/** Gives the report before each, null where there is none, with one statement. */
export async function previousSecurityReports(
  { db, tenant: { organizationId } }: ServiceContext,
  reportIds: readonly string[],
): Promise<(SecurityReport | null)[]> {
  const found = await db.read<SecurityReport & { readonly of: string }>(
    sql`SELECT asked.id AS of, ${selectList(shown)}
      FROM unnest(${reportIds}::uuid[]) AS asked (id)
      JOIN security_reports t ON t.organization_id = ${organizationId}::uuid
        AND t.id = ${previousReport(organizationId, sql`asked.id`)}`,
  );
  const byReport = new Map(found.map(({ of, ...report }) => [of, report]));
  return reportIds.map((id) => byReport.get(id) ?? null);
}

/** How many findings of a report are new, a scalar subquery. */
export function newCount(organizationId: string, reportId: Sql): Sql {
  return countOf(organizationId, areNew(organizationId, reportId));
}

/** How many findings of the report before one are fixed in it, a scalar subquery. */
export function fixedCount(organizationId: string, reportId: Sql): Sql {
  return countOf(organizationId, areFixed(organizationId, reportId));
}

function countOf(organizationId: string, conditions: readonly Sql[]): Sql {
  return sql`(SELECT count(*) FROM security_findings t
    WHERE t.organization_id = ${organizationId}::uuid AND ${join(conditions, ' AND ')})`;
}

/** Gives a count for each report, with one statement. */
export async function countFindings(
  { db, tenant: { organizationId } }: ServiceContext,
  reportIds: readonly string[],
  count: typeof newCount,
): Promise<number[]> {
  const counted = await db.read<{ count: bigint }>(
    sql`SELECT ${count(organizationId, sql`asked.id`)} AS count
      FROM unnest(${reportIds}::uuid[]) WITH ORDINALITY AS asked (id, place) ORDER BY place`,
  );
  return counted.map((each) => Number(each.count));
}
