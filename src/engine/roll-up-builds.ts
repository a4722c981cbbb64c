import { type Queryable, query, sql, verbatim } from '../db/sql.ts';
import { buildsAt, histogramOf, placeColumns, placesOf } from './build-places.ts';
import type { Taken } from './take-events.ts';

const key = verbatim('repository_key, job_name, starts_at, status');

/**
 * Counts anew the builds of each job and quarter of an hour that BUILD events are about: where a build is and where it
 * was. The rows follow from the builds alone, in whatever order the events came.
 */
export async function rollUpBuilds(tx: Queryable, taken: Taken): Promise<void> {
  const { organizationId } = taken;
  const places = sql`(${placesOf(taken, sql`e.kind = 'BUILD'`)})`;
  await query(
    tx,
    sql`DELETE FROM job_quarters q USING ${places} p WHERE q.organization_id = ${organizationId}::uuid
      AND q.repository_key = p.repository_key AND q.job_name = p.job_name AND q.starts_at = p.starts_at`,
  );
  await query(
    tx,
    sql`WITH said AS MATERIALIZED (SELECT p.repository_key, p.job_name, p.starts_at, b.status, b.duration_ms,
          b.queue_duration_ms, array_to_json(ARRAY(SELECT label FROM unnest(b.agent_labels) AS label
            GROUP BY label ORDER BY label COLLATE "C"))::text AS labels
        FROM ${buildsAt(organizationId, places)}),
      counted AS (SELECT ${key}, count(*) AS runs, coalesce(sum(duration_ms), 0) AS duration_ms,
        coalesce(sum(queue_duration_ms), 0) AS queue_ms FROM said GROUP BY ${key}),
      timed AS (${histogramOf(key, verbatim('duration_ms'))}),
      waited AS (SELECT ${key}, buckets AS queue_buckets, counts AS queue_counts
        FROM (${histogramOf(key, verbatim('queue_duration_ms'))}) h),
      labelled AS (SELECT ${key}, jsonb_object_agg(labels, ms) AS by_labels
        FROM (SELECT ${key}, labels, sum(duration_ms) AS ms FROM said WHERE duration_ms IS NOT NULL GROUP BY ${key}, labels) l
        GROUP BY ${key})
      INSERT INTO job_quarters (organization_id, ${key}, runs, duration_ms, queue_ms, buckets, bucket_counts,
        queue_buckets, queue_bucket_counts, durations_by_labels)
      SELECT ${organizationId}::uuid, ${key}, runs, duration_ms, queue_ms, coalesce(buckets, '{}'), coalesce(counts, '{}'),
        coalesce(queue_buckets, '{}'), coalesce(queue_counts, '{}'), coalesce(by_labels, '{}')
      FROM counted LEFT JOIN timed USING (${key}) LEFT JOIN waited USING (${key}) LEFT JOIN labelled USING (${key})
      ORDER BY ${placeColumns}, status`,
  );
}
