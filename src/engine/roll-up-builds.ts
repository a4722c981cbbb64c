import { type Queryable, query, sql, verbatim } from '../db/sql.ts';
import { boundedTimes, buildsAt, placesOf, totalsBy } from './build-places.ts';
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
    sql`WITH said AS MATERIALIZED (SELECT p.repository_key, p.job_name, p.starts_at, b.status,
          ${boundedTimes('b')}, array_to_json(ARRAY(SELECT label FROM unnest(b.agent_labels) AS label
            GROUP BY label ORDER BY label COLLATE "C"))::text AS labels
        FROM ${buildsAt(organizationId, places)})
      INSERT INTO job_quarters (organization_id, ${key}, runs, duration_ms, queue_ms, buckets, bucket_counts,
        queue_buckets, queue_bucket_counts, durations_by_labels)
      SELECT ${organizationId}::uuid, totals.* FROM (${totalsBy(key, byLabels)}) totals`,
  );
}

const byLabels = {
  parts: sql`UNION ALL SELECT ${key}, 'labels', NULL, NULL, sum(duration_ms), NULL, labels
    FROM said WHERE duration_ms IS NOT NULL GROUP BY ${key}, labels`,
  columns: verbatim(
    `, coalesce(jsonb_object_agg(labels, ms) FILTER (WHERE kind = 'labels'), '{}')`,
  ),
};
