import type { ServiceContext } from '../context.ts';
import { join, type Sql, sql, verbatim } from '../db/sql.ts';
import { durationRules } from '../domain/duration-shift.ts';
import type { Asked, RepositoryFilter } from './conditions.ts';
import { ofRepository } from './of-repository.ts';
import { onDays, type WholeDays } from './whole-days.ts';

/** Tests whose run times are read at most. */
export const mostCandidates = 200;
/** Run times of each side at most, the latest first, and results that are gone through for them. */
const most = { runs: 200, results: 1_000 } as const;
/** What rose by less is no suspicion: half of what is reported, as histograms err by 2 %. */
const suspicion = { factor: 1.05, ms: 50 } as const;
/** Histograms hold all branches: one that becomes the slowest moves one of these if it has over a tenth of the runs. */
const shares = [0.25, 0.5, 0.75, 0.9] as const;

export interface ComparedDays {
  readonly base: WholeDays;
  readonly sample: WholeDays;
}

/** Tests that may have become slower. */
export interface Candidates {
  /** At most `mostCandidates`, those that rose most first. */
  readonly testCaseIds: readonly string[];
  /** All that seem slower. */
  readonly candidateCount: number;
  /** All with enough runs on both sides. */
  readonly comparedCount: number;
}

/** Narrows the tests of a repository down to those whose histograms of days say that they may have become slower. */
export async function candidatesOf(
  { db, tenant: { organizationId } }: ServiceContext,
  repository: Asked<RepositoryFilter>,
  { base, sample }: ComparedDays,
): Promise<Candidates> {
  const own = ofRepository(organizationId, repository);
  const share = (part: number): Sql =>
    verbatim(
      `greatest(1, bucket_duration(min(bucket) FILTER (WHERE upto >= runs * ${String(part)})))`,
    );
  const quantiles = (days: WholeDays): Sql => sql`
    SELECT test_case_id, ARRAY[${join(shares.map(share))}]::float8[] AS us
    FROM (
      SELECT test_case_id, bucket, sum(runs) OVER (PARTITION BY test_case_id ORDER BY bucket) AS upto,
        sum(runs) OVER (PARTITION BY test_case_id) AS runs
      FROM (
        SELECT t.test_case_id, h.bucket, sum(h.runs) AS runs
        FROM test_days t CROSS JOIN LATERAL unnest(t.buckets, t.bucket_counts) AS h (bucket, runs)
        WHERE ${join([...own, onDays(sql`t.day`, days)], ' AND ')} GROUP BY 1, 2) buckets) ranked
    GROUP BY 1 HAVING min(runs) >= ${verbatim(String(durationRules.leastRuns))}`;
  const [found] = await db.read<{
    readonly testCaseIds: readonly string[];
    readonly candidateCount: bigint;
    readonly comparedCount: bigint;
  }>(sql`WITH base AS (${quantiles(base)}), sample AS (${quantiles(sample)}),
    compared AS (SELECT test_case_id, base.us AS base, sample.us AS sample FROM base JOIN sample USING (test_case_id)),
    suspicious AS (
      SELECT test_case_id, avg(ln(now / before)) AS rise FROM compared, unnest(base, sample) AS at (before, now)
      GROUP BY test_case_id HAVING bool_or(now >= before * ${verbatim(String(suspicion.factor))}
        AND now - before >= ${verbatim(String(suspicion.ms * 1_000))}))
    SELECT (SELECT count(*) FROM compared) AS "comparedCount",
      (SELECT count(*) FROM suspicious) AS "candidateCount",
      ARRAY(SELECT test_case_id FROM suspicious ORDER BY rise DESC, test_case_id
        LIMIT ${verbatim(String(mostCandidates))}) AS "testCaseIds"`);
  if (found === undefined) throw new Error('candidates gave no row');
  return {
    ...found,
    candidateCount: Number(found.candidateCount),
    comparedCount: Number(found.comparedCount),
  };
}

/** Run times of passing runs of one test, in milliseconds. */
export interface RunTimes {
  readonly testCaseId: string;
  readonly baseMs: readonly number[];
  readonly sampleMs: readonly number[];
}

/**
 * Reads the latest 200 run times of each side of these tests of one repository, by test; of a test with many other
 * branches those among its latest 1,000 results. Without a branch, those of the default branch of the repository, or of
 * all when it has none.
 */
export async function runTimesOf(
  { db, tenant: { organizationId } }: ServiceContext,
  testCaseIds: readonly string[],
  { days, branch }: { days: ComparedDays; branch: string | null | undefined },
): Promise<RunTimes[]> {
  if (testCaseIds.length === 0) return [];
  const side = ({ from, to }: WholeDays): Sql => sql`ARRAY(
    SELECT (t.duration_us / 1000.0)::float8 FROM (
      SELECT * FROM test_results t
      WHERE t.organization_id = ${organizationId}::uuid AND t.test_case_id = asked.id
        AND t.recorded_at >= ${from}::timestamptz AND t.recorded_at < ${to}::timestamptz
      ORDER BY t.recorded_at DESC, t.id DESC LIMIT ${verbatim(String(most.results))}) t
    WHERE t.status = 'PASSED' AND t.duration_us IS NOT NULL AND (named.branch IS NULL OR t.branch = named.branch)
    ORDER BY t.recorded_at DESC, t.id DESC LIMIT ${verbatim(String(most.runs))})`;
  return db.read<RunTimes>(sql`SELECT asked.id AS "testCaseId", ${side(days.base)} AS "baseMs",
      ${side(days.sample)} AS "sampleMs"
    FROM (SELECT coalesce(${branch ?? null}::text, (
        SELECT r.default_branch FROM repositories r
        JOIN test_cases c ON c.organization_id = r.organization_id AND c.repository_id = r.id
        WHERE r.organization_id = ${organizationId}::uuid AND c.id = ${testCaseIds[0]}::text)) AS branch) named
    CROSS JOIN unnest(${testCaseIds}::text[]) AS asked (id)`);
}
