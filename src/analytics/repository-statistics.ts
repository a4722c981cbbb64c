import { type Sql, sql } from '../db/sql.ts';
import { recoveriesOf } from './mttr.ts';
import type { Derivation } from './page-request.ts';
import { countedRuns } from './run-statistics.ts';
import { costsOf } from './statistics-costs.ts';
import { inSpan, placeOf, spanAndEdges, type StatisticsTime } from './statistics-window.ts';

/** Statistics of the builds of a repository, a scalar subquery that gives `FoundStatistics`. */
export function repositoryStatistics(time: StatisticsTime): Derivation {
  const spans = spanAndEdges(time, 'QUARTER');
  return (organizationId, repositoryId) =>
    statisticsOf(organizationId, spans, { repositoryId, jobName: null });
}

/** Statistics of the builds of a job, likewise. The job is named by `<repository or zeros> <name>`. */
export function jobStatistics(time: StatisticsTime): Derivation {
  const spans = spanAndEdges(time, 'QUARTER');
  return (organizationId, job) =>
    statisticsOf(organizationId, spans, {
      repositoryId: sql`left(${job}, 36)::uuid`,
      jobName: sql`substr(${job}, 38)`,
    });
}

interface Subject {
  readonly repositoryId: Sql;
  /** Null for all jobs. */
  readonly jobName: Sql | null;
}

function statisticsOf(organizationId: string, spans: Sql, subject: Subject): Sql {
  const { repositoryId, jobName } = subject;
  const own = sql`q.organization_id = ${organizationId}::uuid AND q.repository_key = ${repositoryId}`;
  const concerned = jobName === null ? own : sql`${own} AND q.job_name = ${jobName}`;
  return sql`(WITH ${spans},
    rows AS MATERIALIZED (SELECT 0 AS subject, ${placeOf(sql`q.starts_at`)} AS place, q.status, q.runs, q.duration_ms,
        q.buckets, q.bucket_counts, q.queue_buckets, q.queue_bucket_counts, q.durations_by_labels
      FROM job_quarters q WHERE ${concerned} AND ${inSpan(sql`q.starts_at`)}),
    ${countedRuns}
    SELECT json_build_object('edges', (SELECT at FROM edges), 'before', (SELECT before_at FROM span),
      'available', (SELECT min(q.starts_at) FROM job_quarters q WHERE ${concerned}),
      'places', (SELECT json_agg(told) FROM places),
      'recoveries', ${recoveriesOf(organizationId, repositoryId, jobName)},
      'costs', ${costsOf(organizationId, repositoryId, jobName)}))`;
}
