import { uploadOf } from '../db/note-analytics.ts';
import { hasFailed, hasOutcome } from '../db/outcome-rules.ts';
import { type Queryable, query, type Sql, sql } from '../db/sql.ts';
import { defaultFlakySettings } from '../domain/flaky-settings.ts';
import type { Taken } from './take-events.ts';
import { resultsOfUploads, suiteKey } from './uploads.ts';

/** Days before and after an upload in which a suite shows how it normally fares. */
const normalDays = 14;

/**
 * Keeps `suite_outages`: the suites of which more than `outagePercent` of at least `outageTests` tests failed in one
 * upload, and whether the suite otherwise passes more often than it fails. Gives the uploads whose results may have
 * come under a guard, or out of one.
 */
export async function findOutages(tx: Queryable, taken: Taken): Promise<string[]> {
  const { organizationId } = taken;
  const uploads = await touchedUploads(tx, taken);
  const changed = await findCandidates(tx, organizationId, uploads);
  const judged = await judgeSuites(tx, taken, changed);
  return [...new Set([...changed, ...judged])];
}

/** Uploads that the events are about. */
async function touchedUploads(
  tx: Queryable,
  { organizationId, ids, buildIds, uploads }: Taken,
): Promise<string[]> {
  const found = await query<{ upload: string }>(
    tx,
    sql`SELECT ${uploadOf('e')} AS upload FROM analytics_events e
      WHERE e.organization_id = ${organizationId}::uuid AND e.id = ANY (${ids}::bigint[]) AND e.kind = 'RESULTS'
      UNION SELECT unnest(${uploads}::text[])
      UNION SELECT ${uploadOf('r')} FROM test_results r WHERE r.organization_id = ${organizationId}::uuid
        AND r.build_id = ANY (${buildIds}::uuid[]) AND ${hasFailed('r')}`,
  );
  return found.map(({ upload }) => upload);
}

/** Gives the uploads that have such a suite now, or had one. */
async function findCandidates(
  tx: Queryable,
  organizationId: string,
  uploads: readonly string[],
): Promise<string[]> {
  if (uploads.length === 0) return [];
  const found = await query<{ upload: string }>(
    tx,
    sql`WITH results AS MATERIALIZED (SELECT * FROM (${resultsOfUploads(organizationId, uploads)}) r
        WHERE ${hasOutcome('r')}),
      tests AS (
        SELECT r.upload, c.suite, r.repository_id, r.test_case_id, min(r.recorded_at) AS at,
          count(*) FILTER (WHERE r.status = 'PASSED') AS passed, count(*) FILTER (WHERE r.status <> 'PASSED') AS failed
        FROM results r JOIN test_cases c ON c.organization_id = ${organizationId}::uuid AND c.id = r.test_case_id
        WHERE r.upload IN (SELECT upload FROM results WHERE status <> 'PASSED')
        GROUP BY r.upload, c.suite, r.repository_id, r.test_case_id),
      suites AS (SELECT upload, ${suiteKey} AS suite_key, c.suite, repository_id, min(at) AS at, count(*) AS test_count,
          count(*) FILTER (WHERE failed > 0) AS failed_count, sum(failed) AS failed_results, sum(passed) AS passed_results
        FROM tests c GROUP BY upload, c.suite, repository_id),
      candidates AS (SELECT s.* FROM suites s LEFT JOIN flaky_settings f
          ON f.organization_id = ${organizationId}::uuid AND f.repository_id = s.repository_id
        WHERE test_count >= coalesce(f.outage_tests, ${defaultFlakySettings.outageTests}::int)
          AND failed_count * 100 > test_count * CASE WHEN f.repository_id IS NULL
            THEN ${defaultFlakySettings.outagePercent}::int ELSE f.outage_percent END),
      gone AS (DELETE FROM suite_outages o
        WHERE o.organization_id = ${organizationId}::uuid AND o.upload = ANY (${uploads}::text[])
          AND NOT EXISTS (SELECT FROM candidates c WHERE c.upload = o.upload AND c.suite_key = o.suite_key)
        RETURNING o.upload),
      kept AS (
        INSERT INTO suite_outages (organization_id, upload, suite_key, suite, repository_id, failed_count, test_count,
          failed_results, passed_results, is_outage, recorded_at)
        SELECT ${organizationId}::uuid, upload, suite_key, suite, repository_id, failed_count, test_count,
          failed_results, passed_results, false, at FROM candidates
        ON CONFLICT (organization_id, upload, suite_key) DO UPDATE SET failed_count = EXCLUDED.failed_count,
          test_count = EXCLUDED.test_count, failed_results = EXCLUDED.failed_results,
          passed_results = EXCLUDED.passed_results, recorded_at = EXCLUDED.recorded_at
        RETURNING upload)
      SELECT upload FROM gone UNION SELECT upload FROM kept`,
  );
  return found.map(({ upload }) => upload);
}

/** Sees anew how the suites otherwise fare that results came to. Gives the uploads where the verdict changed. */
async function judgeSuites(
  tx: Queryable,
  { organizationId, ids }: Taken,
  changed: readonly string[],
): Promise<string[]> {
  const found = await query<{ upload: string }>(
    tx,
    sql`WITH asked AS MATERIALIZED (SELECT *, (recorded_at AT TIME ZONE 'UTC')::date AS day
        FROM (${touchedOutages(organizationId, ids, changed)}) touched),
      suites AS (
        SELECT repository_id, suite, min(day) - ${normalDays}::int AS first, max(day) + ${normalDays}::int AS last
        FROM asked GROUP BY repository_id, suite),
      days AS MATERIALIZED (
        SELECT s.repository_id, s.suite, d.day, sum(d.passed) AS passed, sum(d.failed + d.errored) AS failed
        FROM suites s JOIN test_cases c ON c.organization_id = ${organizationId}::uuid
          AND c.repository_id = s.repository_id AND left(c.suite, 256) = left(s.suite, 256) AND c.suite = s.suite
        JOIN test_days d ON d.organization_id = ${organizationId}::uuid AND d.test_case_id = c.id
          AND d.day BETWEEN s.first AND s.last
        GROUP BY s.repository_id, s.suite, d.day),
      judged AS (SELECT s.upload, s.suite_key,
          coalesce(sum(n.passed) - s.passed_results > sum(n.failed) - s.failed_results, false) AS is_outage
        FROM asked s LEFT JOIN days n ON n.repository_id = s.repository_id AND n.suite = s.suite
          AND n.day BETWEEN s.day - ${normalDays}::int AND s.day + ${normalDays}::int
        GROUP BY s.upload, s.suite_key, s.passed_results, s.failed_results)
      UPDATE suite_outages o SET is_outage = j.is_outage FROM judged j
      WHERE o.organization_id = ${organizationId}::uuid AND o.upload = j.upload AND o.suite_key = j.suite_key
        AND o.is_outage <> j.is_outage
      RETURNING o.upload`,
  );
  return found.map(({ upload }) => upload);
}

/**
 * Those of uploads, and those of suites that the events are about whose days these may be: a select. Outages are rare,
 * so they come first.
 */
function touchedOutages(
  organizationId: string,
  ids: readonly bigint[],
  uploads: readonly string[],
): Sql {
  const near = sql`make_interval(hours => 24 * ${normalDays + 1}::int)`;
  return sql`SELECT o.* FROM suite_outages o
      WHERE o.organization_id = ${organizationId}::uuid AND o.upload = ANY (${uploads}::text[])
    UNION SELECT o.* FROM (
      SELECT c.repository_id, c.suite, bool_or(said.at IS NULL) AS is_all, min(said.at) AS first, max(said.at) AS last
      FROM analytics_events e CROSS JOIN unnest(e.test_case_ids, e.recorded_ats) AS said (id, at)
      JOIN test_cases c ON c.organization_id = ${organizationId}::uuid AND c.id = said.id
      WHERE e.organization_id = ${organizationId}::uuid AND e.id = ANY (${ids}::bigint[])
        AND EXISTS (SELECT FROM suite_outages WHERE organization_id = ${organizationId}::uuid)
      GROUP BY c.repository_id, c.suite) c
    JOIN suite_outages o ON o.organization_id = ${organizationId}::uuid AND o.repository_id = c.repository_id
      AND o.suite_key = ${suiteKey} AND (c.is_all OR o.recorded_at BETWEEN c.first - ${near} AND c.last + ${near})`;
}
