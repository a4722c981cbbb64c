import { boundedRun } from '../db/bounded-run.ts';
import { noRepository } from '../db/no-repository.ts';
import { type Sql, sql, verbatim } from '../db/sql.ts';
import type { Taken } from './take-events.ts';

/** The quarter of an hour that holds an instant: an expression. */
export function quarterOf(instant: Sql): Sql {
  return sql`date_bin('15 minutes', ${instant}, timestamptz '2001-01-01 00:00:00Z')`;
}

/** How long something ran or waited, as totals count it, of rows `alias`: both columns of a select. */
export function boundedTimes(alias: 'b' | 's'): Sql {
  const bounded = (column: string): Sql =>
    sql`${boundedRun(verbatim(`${alias}.${column}`), 'ms')} AS ${verbatim(column)}`;
  return sql`${bounded('duration_ms')}, ${bounded('queue_duration_ms')}`;
}

/**
 * The places that events are about, a select of `repository_key`, `job_name` and `starts_at`, a quarter of an hour:
 * where the builds stand that they name, and where they say that builds stand or stood.
 *
 * @param concerned which events `e` are meant
 */
export function placesOf({ organizationId, ids }: Taken, concerned: Sql): Sql {
  const events = sql`e.organization_id = ${organizationId}::uuid AND e.id = ANY (${ids}::bigint[]) AND ${concerned}`;
  return sql`SELECT coalesce(b.repository_id, ${noRepository}) AS repository_key, b.job_name,
      ${quarterOf(sql`b.recorded_at`)} AS starts_at
    FROM analytics_events e JOIN builds b ON b.organization_id = ${organizationId}::uuid AND b.id = e.build_id
    WHERE ${events}
    UNION SELECT coalesce(e.repository_id, ${noRepository}), said.job_name, ${quarterOf(sql`said.at`)}
    FROM analytics_events e CROSS JOIN unnest(e.names, e.recorded_ats) AS said (job_name, at) WHERE ${events}`;
}

/** Builds `b` at the places `p`: what follows FROM. */
export function buildsAt(organizationId: string, places: Sql): Sql {
  // OFFSET: each place is one probe of the index, whatever the plan.
  return sql`${places} p CROSS JOIN LATERAL (SELECT * FROM builds b
    WHERE b.organization_id = ${organizationId}::uuid AND b.job_name = p.job_name
      AND coalesce(b.repository_id, ${noRepository}) = p.repository_key
      AND b.recorded_at >= p.starts_at AND b.recorded_at < p.starts_at + interval '15 minutes' OFFSET 0) b`;
}

/**
 * Sums `said` by `key`: a select of the key, `runs`, `duration_ms`, `queue_ms` and both histograms; then `further`. A
 * UNION ALL of partial aggregates instead of joins, whose row counts Postgres misestimates.
 */
export function totalsBy(key: Sql, further: { readonly parts: Sql; readonly columns: Sql }): Sql {
  const histogram = (kind: Sql, column: Sql): Sql => sql`UNION ALL
    SELECT ${key}, ${kind}, duration_bucket(${column} * 1000) AS bucket, count(*)::int, NULL, NULL, NULL
    FROM said WHERE ${column} IS NOT NULL GROUP BY ${key}, bucket`;
  const list = (column: Sql, kind: Sql): Sql =>
    sql`coalesce(array_agg(${column} ORDER BY bucket) FILTER (WHERE kind = ${kind}), '{}')`;
  const [runs, timed, waited] = [verbatim(`'runs'`), verbatim(`'timed'`), verbatim(`'waited'`)];
  return sql`SELECT ${key}, sum(times) FILTER (WHERE kind = ${runs}) AS runs, coalesce(sum(ms) FILTER (WHERE kind = ${runs}), 0) AS duration_ms,
      coalesce(sum(queue_ms), 0) AS queue_ms, ${list(sql`bucket`, timed)} AS buckets, ${list(sql`times`, timed)} AS bucket_counts,
      ${list(sql`bucket`, waited)} AS queue_buckets, ${list(sql`times`, waited)} AS queue_bucket_counts ${further.columns}
    FROM (SELECT ${key}, ${runs} AS kind, NULL::smallint AS bucket, count(*)::int AS times, sum(duration_ms) AS ms,
        sum(queue_duration_ms) AS queue_ms, NULL AS labels FROM said GROUP BY ${key}
      ${histogram(timed, sql`duration_ms`)} ${histogram(waited, sql`queue_duration_ms`)} ${further.parts}) parts
    GROUP BY ${key}`;
}
