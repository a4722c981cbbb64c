import type { ServiceContext } from '../context.ts';
import { empty, sql, verbatim } from '../db/sql.ts';
import type { Asked, RepositoryFilter } from './conditions.ts';
import { requireFirst } from './require-first.ts';
import { countedRuns } from './run-statistics.ts';
import { type FoundPlace, type Statistics, toStatistics } from './statistics-figures.ts';
import { inSpan, placeOf, spanAndEdges, type StatisticsTime } from './statistics-window.ts';

export interface StageStatisticsQuestion extends StatisticsTime {
  readonly repository: Asked<RepositoryFilter>;
  readonly jobName?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly first?: number | null | undefined;
}

/** How the stages of one name in builds of one job did. */
export interface StageStatistics {
  readonly jobName: string;
  readonly name: string;
  readonly statistics: Statistics;
}

interface Found {
  readonly edges: readonly string[];
  readonly before: string;
  readonly stages:
    | readonly {
        readonly jobName: string;
        readonly name: string;
        readonly available: string;
        readonly places: readonly FoundPlace[];
      }[]
    | null;
}

/**
 * Gives statistics of the stages of a repository by job and name, those that took longest in the window first.
 *
 * @throws {ValidationError} for a time or a page size that breaks a rule
 */
export async function stageStatistics(
  { db, tenant: { organizationId } }: ServiceContext,
  {
    repository: { repositoryId, repository },
    jobName,
    name,
    first,
    ...time
  }: StageStatisticsQuestion,
): Promise<StageStatistics[]> {
  const size = requireFirst(first);
  const key =
    repositoryId != null
      ? sql`${repositoryId}::uuid`
      : sql`(SELECT r.id FROM repositories r
          WHERE r.organization_id = ${organizationId}::uuid AND r.slug = lower(${repository}))`;
  const own = sql`q.organization_id = ${organizationId}::uuid AND q.repository_key = ${key}`;
  const ofJob = jobName == null ? empty : sql`AND q.job_name = ${jobName}`;
  const ofName = name == null ? empty : sql`AND q.name = ${name}`;
  const [found] = await db.read<Found>(sql`WITH ${spanAndEdges(time, 'QUARTER')},
    rows AS MATERIALIZED (SELECT q.stage_key AS subject, q.job_name, q.name, ${placeOf(sql`q.starts_at`)} AS place,
        q.status, q.runs, q.duration_ms, q.buckets, q.bucket_counts, q.queue_buckets, q.queue_bucket_counts
      FROM stage_quarters q WHERE ${own} AND ${inSpan(sql`q.starts_at`)} ${ofJob} ${ofName}),
    ${countedRuns},
    longest AS (SELECT subject, sum(ms) FILTER (WHERE place > 0) AS ms, json_agg(told) AS places
      FROM places GROUP BY subject HAVING bool_or(place > 0) ORDER BY 2 DESC, 1 LIMIT ${verbatim(String(size))})
    SELECT (SELECT array_to_json(at) FROM edges) AS edges, (SELECT to_json(before_at) FROM span) AS before,
      (SELECT json_agg(json_build_object('jobName', n.job_name, 'name', n.name, 'places', l.places, 'available',
          (SELECT min(q.starts_at) FROM stage_quarters q WHERE ${own} AND q.stage_key = l.subject)) ORDER BY l.ms DESC, l.subject)
        FROM longest l CROSS JOIN LATERAL (SELECT r.job_name, r.name FROM rows r WHERE r.subject = l.subject LIMIT 1) n) AS stages`);
  if (found === undefined) throw new Error('statistics of stages gave no row');
  const { edges, before } = found;
  return (found.stages ?? []).map(({ places, available, ...stage }) => ({
    ...stage,
    statistics: toStatistics({ edges, before, available, places }),
  }));
}
