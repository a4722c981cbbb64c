import { mergeRoutes } from '../db/merge-routes.ts';
import { join, type Queryable, sql, verbatim } from '../db/sql.ts';
import type { ResultSource } from './result-source.ts';

const testCaseColumns = ['suite', 'class_name', 'name', 'file', 'variant'].map(verbatim);
const keptColumns = ['f', 'i', 'a', 'at', 's', 'w', 'd', 'm', 'b', 'y', 'o', 'l', 'p'].map((name) =>
  verbatim(`said.${name}`),
);

/**
 * Leads results of test cases that were merged to those they count for now. The caller shares the lock of the
 * repository's identities, so that nothing is merged or parted until the results are written.
 */
export async function followMerges(
  tx: Queryable,
  organizationId: string,
  source: ResultSource,
): Promise<ResultSource> {
  const routes = await mergeRoutes(tx, organizationId, source.testCaseIds);
  if (routes.length === 0) return source;

  const route = sql`unnest(${routes.map(({ alias }) => alias)}::text[], ${routes.map(({ target }) => target)}::text[])
    AS route (alias, target)`;
  // The one they count for was first seen when its first merged result ran.
  const targets = sql`SELECT k.id, ${join(testCaseColumns.map((column) => sql`k.${column}`))}, said.first_seen_at
    FROM ${source.testCases} JOIN ${route} ON route.alias = said.id
    JOIN test_cases k ON k.organization_id = ${organizationId}::uuid AND k.id = route.target`;
  return {
    ...source,
    testCases: sql`(SELECT DISTINCT ON (id) * FROM (
        SELECT id, ${join(testCaseColumns)}, first_seen_at FROM ${source.testCases} UNION ALL ${targets}) known
      ORDER BY id, first_seen_at) said`,
    testCaseIds: sql`(SELECT DISTINCT coalesce(route.target, said.id) AS id
      FROM ${source.testCaseIds} LEFT JOIN ${route} ON route.alias = said.id) said`,
    results: sql`(SELECT ${join(keptColumns)}, coalesce(route.target, said.t) AS t,
        CASE WHEN route.alias IS NOT NULL THEN said.t END AS q
      FROM ${source.results} LEFT JOIN ${route} ON route.alias = said.t) said`,
  };
}
