import { hasVerdict } from '../db/outcome-rules.ts';
import { type Sql, sql } from '../db/sql.ts';

/**
 * CTEs that add up `rows`, which have `subject`, `place` and the columns of job_quarters or stage_quarters: `places` is
 * one row for each subject and place, with a `FoundPlace` as `told`.
 */
export const countedRuns: Sql = sql`by_status AS (
    SELECT subject, place, status, sum(runs) AS runs, CASE WHEN ${hasVerdict('rows')} THEN sum(duration_ms) ELSE 0 END AS ms
    FROM rows GROUP BY subject, place, status),
  counted AS (SELECT subject, place, jsonb_object_agg(status, runs) AS counts, sum(ms) AS ms
    FROM by_status GROUP BY subject, place),
  timed AS (${sketches(sql`SELECT subject, place, buckets, bucket_counts FROM rows WHERE ${hasVerdict('rows')}`)}),
  waited AS (${sketches(sql`SELECT subject, place, queue_buckets, queue_bucket_counts FROM rows
      WHERE queue_buckets <> '{}'`)}),
  places AS (SELECT subject, place, ms, jsonb_build_object('place', place, 'counts', counts, 'durationMs', ms,
      'durations', timed.sketch, 'queue', waited.sketch) AS told
    FROM counted LEFT JOIN timed USING (subject, place) LEFT JOIN waited USING (subject, place))`;

/** Histograms merged by subject and place: a select of both and `sketch`, which is JSON, its buckets in no order. */
export function sketches(histograms: Sql): Sql {
  return sql`SELECT subject, place, jsonb_build_object('buckets', array_agg(bucket),
      'counts', array_agg(times)) AS sketch
    FROM (SELECT subject, place, bucket, sum(times) AS times
      FROM (SELECT subject, place, unnest(buckets) AS bucket, unnest(counts) AS times
        FROM (${histograms}) h (subject, place, buckets, counts)) each
      GROUP BY subject, place, bucket) merged GROUP BY subject, place`;
}
