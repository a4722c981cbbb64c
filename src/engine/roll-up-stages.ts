import { empty, type Queryable, query, sql, verbatim } from '../db/sql.ts';
import { boundedTimes, buildsAt, placesOf, totalsBy } from './build-places.ts';
import type { Taken } from './take-events.ts';

const key = verbatim('repository_key, stage_key, starts_at, status, job_name, name');

/**
 * Counts anew the stages below the builds of each job and quarter of an hour that STAGES events are about, and those
 * that BUILD events say builds came from or went to.
 */
export async function rollUpStages(tx: Queryable, taken: Taken): Promise<void> {
  const { organizationId } = taken;
  // A build that stays where it is changes nothing about its stages.
  const concerned = sql`(e.kind = 'STAGES' OR e.kind = 'BUILD' AND e.names <> '{}')`;
  const places = sql`(${placesOf(taken, concerned)})`;
  await query(
    tx,
    sql`DELETE FROM stage_quarters q USING ${places} p WHERE q.organization_id = ${organizationId}::uuid
      AND q.repository_key = p.repository_key AND q.starts_at = p.starts_at AND q.job_name = p.job_name`,
  );
  await query(
    tx,
    sql`WITH said AS MATERIALIZED (SELECT p.repository_key, p.job_name, p.starts_at, s.name, s.status,
          ${boundedTimes('s')},
          left(encode(sha256(convert_to(length(p.job_name) || ' ' || p.job_name || s.name, 'UTF8')), 'hex'), 24) AS stage_key
        FROM ${buildsAt(organizationId, places)}
        JOIN stages s ON s.organization_id = ${organizationId}::uuid AND s.build_id = b.id)
      INSERT INTO stage_quarters (organization_id, ${key}, runs, duration_ms, queue_ms, buckets, bucket_counts,
        queue_buckets, queue_bucket_counts)
      SELECT ${organizationId}::uuid, totals.* FROM (${totalsBy(key, { parts: empty, columns: empty })}) totals`,
  );
}
