import { type Sql, sql, verbatim } from '../db/sql.ts';
import type { Derivation } from './page-request.ts';
import { sketches } from './run-statistics.ts';
import { inSpan, placeOf, spanAndEdges, type StatisticsTime } from './statistics-window.ts';

/** Statistics of the results of a test, by days (UTC): a scalar subquery that gives `FoundStatistics`. */
export function testCaseStatistics(time: Omit<StatisticsTime, 'timeZone'>): Derivation {
  const spans = spanAndEdges({ ...time, timeZone: 'UTC' }, 'DAY');
  return (organizationId, testCaseId) =>
    statisticsOf(
      spans,
      sql`SELECT d.day::timestamp AT TIME ZONE 'UTC' AS starts_at, d.* FROM test_days d
        WHERE d.organization_id = ${organizationId}::uuid AND d.test_case_id = ${testCaseId}`,
      // Dates, so that the index is used.
      verbatim('day'),
      verbatim(`q.day >= ((SELECT before_at FROM span) AT TIME ZONE 'UTC')::date
        AND q.day < ((SELECT to_at FROM span) AT TIME ZONE 'UTC')::date`),
    );
}

/** Statistics of the results of all tests of a repository, likewise. */
export function repositoryResultStatistics(time: StatisticsTime): Derivation {
  const spans = spanAndEdges(time, 'QUARTER');
  return (organizationId, repositoryId) =>
    statisticsOf(
      spans,
      sql`SELECT * FROM result_quarters r
        WHERE r.organization_id = ${organizationId}::uuid AND r.repository_id = ${repositoryId}`,
      verbatim('starts_at'),
      inSpan(sql`q.starts_at`),
    );
}

/** @param first column of the totals that their index is sorted by */
function statisticsOf(spans: Sql, totals: Sql, first: Sql, inWindow: Sql): Sql {
  const counts = ['passed', 'failed', 'errored', 'skipped', 'other']
    .map((column) => `'${column.toUpperCase()}', sum(${column})`)
    .join(', ');
  return sql`(WITH ${spans},
    rows AS MATERIALIZED (SELECT 0 AS subject, ${placeOf(sql`q.starts_at`)} AS place, q.* FROM (${totals}) q WHERE ${inWindow}),
    timed AS (${sketches(sql`SELECT subject, place, buckets, bucket_counts FROM rows`)}),
    counted AS (SELECT subject, place, jsonb_build_object(${verbatim(counts)}) AS counts,
      sum(duration_us) / 1000.0 AS ms FROM rows GROUP BY subject, place)
    SELECT json_build_object('edges', (SELECT at FROM edges), 'before', (SELECT before_at FROM span),
      'available', (SELECT q.starts_at FROM (${totals}) q ORDER BY q.${first} LIMIT 1),
      'places', (SELECT json_agg(json_build_object('place', place, 'counts', counts, 'durationMs', ms,
          'durations', sketch, 'queue', NULL)) FROM counted LEFT JOIN timed USING (subject, place))))`;
}
