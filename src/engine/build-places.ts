import { type Sql, sql, verbatim } from '../db/sql.ts';
import type { Taken } from './take-events.ts';

/** The quarter of an hour that holds an instant: an expression. */
function quarterOf(instant: Sql): Sql {
  return sql`date_bin('15 minutes', ${instant}, timestamptz '2001-01-01 00:00:00Z')`;
}

const noRepository = verbatim(`'00000000-0000-0000-0000-000000000000'::uuid`);

/** Builds and stages that the totals count apart: those of one job of one repository in a quarter of an hour. */
export const placeColumns = verbatim('repository_key, job_name, starts_at');

/**
 * The places that events are about, a select of `placeColumns`: where the builds stand that they name, and where they
 * say that builds stand or stood.
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
  return sql`${places} p JOIN builds b ON b.organization_id = ${organizationId}::uuid AND b.job_name = p.job_name
    AND b.recorded_at >= p.starts_at AND b.recorded_at < p.starts_at + interval '15 minutes'
    AND coalesce(b.repository_id, ${noRepository}) = p.repository_key`;
}

/** Histogram of a column of `said`, in milliseconds, by `key`: a select of the key, `name` and its counts. */
export function histogramOf(key: Sql, column: Sql): Sql {
  return sql`SELECT ${key}, array_agg(bucket ORDER BY bucket) AS buckets, array_agg(times ORDER BY bucket) AS counts
    FROM (SELECT ${key}, duration_bucket(${column} * 1000) AS bucket, count(*)::int AS times
      FROM said WHERE ${column} IS NOT NULL GROUP BY ${key}, bucket) h GROUP BY ${key}`;
}
