import { hasVerdict, isBroken, isOfDefaultBranch } from '../db/outcome-rules.ts';
import { empty, type Sql, sql, verbatim } from '../db/sql.ts';
import { inSpan, placeOf } from './statistics-window.ts';

/** When a build ended, as far as it is known: an expression. */
function endOf(alias: 'f' | 'n'): Sql {
  return verbatim(`coalesce(${alias}.completed_at, coalesce(${alias}.started_at, ${alias}.recorded_at)
    + make_interval(secs => coalesce(${alias}.duration_ms, 0) / 1000.0))`);
}

/**
 * Recoveries on the default branch (`main` or `master` until it is known) of a repository: a JSON array of
 * `FoundRecoveries`. One begins with a build that failed where the build before of its job and branch had not, and ends
 * with the next success; it counts where it began. Needs `span` and `edges`.
 *
 * A success is asked for as a verdict too, which is what the index holds.
 *
 * @param jobName only of this job, an expression; null for all
 */
export function recoveriesOf(organizationId: string, repositoryId: Sql, jobName: Sql | null): Sql {
  const own = (alias: 'b' | 'n' | 'f'): Sql =>
    sql`${verbatim(alias)}.organization_id = ${organizationId}::uuid AND ${verbatim(alias)}.repository_id = ${repositoryId}`;
  // By hashes, as the index has them: names may be too long for one.
  const sameLine = (alias: 'b' | 'n'): Sql =>
    sql`${own(alias)} AND md5(${verbatim(alias)}.branch) = md5(f.branch) AND md5(${verbatim(alias)}.job_name) = md5(f.job_name)`;
  const ofJob = jobName === null ? empty : sql`AND f.job_name = ${jobName}`;
  // Failures with the same next success are one streak. Only the first streak of a line may have begun before the span.
  return sql`(SELECT json_agg(json_build_object('place', place, 'count', count, 'ms', ms)) FROM (
    SELECT ${placeOf(sql`f.recorded_at`)} AS place, count(*) AS count,
      sum(greatest(0, extract(epoch FROM f.recovered_at - f.failed_at) * 1000)) AS ms
    FROM (
      SELECT f.id, f.recorded_at, f.branch, f.job_name, ${endOf('f')} AS failed_at, n.recovered_at,
        row_number() OVER (PARTITION BY n.id ORDER BY f.recorded_at, f.id) AS nth_of_streak,
        row_number() OVER (PARTITION BY md5(f.branch), md5(f.job_name) ORDER BY f.recorded_at, f.id) AS nth_of_line
      FROM builds f
      JOIN repositories r ON r.organization_id = ${organizationId}::uuid AND r.id = f.repository_id
        AND ${isOfDefaultBranch('f', 'r')}
      CROSS JOIN LATERAL (SELECT n.id, ${endOf('n')} AS recovered_at FROM builds n WHERE ${sameLine('n')}
          AND ${hasVerdict('n')} AND n.status = 'SUCCESS'
          AND (n.recorded_at, n.id) > (f.recorded_at, f.id)
        ORDER BY n.recorded_at, n.id LIMIT 1) n
      WHERE ${own('f')} AND ${isBroken('f')} AND ${inSpan(sql`f.recorded_at`)} ${ofJob}) f
    LEFT JOIN LATERAL (SELECT b.status FROM builds b WHERE f.nth_of_line = 1 AND ${sameLine('b')}
        AND ${hasVerdict('b')} AND (b.recorded_at, b.id) < (f.recorded_at, f.id)
      ORDER BY b.recorded_at DESC, b.id DESC LIMIT 1) b ON true
    WHERE f.nth_of_streak = 1 AND (b.status IS NULL OR NOT ${isBroken('b')})
    GROUP BY 1) recovered)`;
}
