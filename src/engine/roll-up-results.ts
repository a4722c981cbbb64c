import { boundedRun } from '../db/bounded-run.ts';
import { hasOutcome } from '../db/outcome-rules.ts';
import { type Queryable, query, type Sql, sql, verbatim } from '../db/sql.ts';
import { quarterOf } from './build-places.ts';
import { newResults, type Taken } from './take-events.ts';
import { oldestResult } from './uploads.ts';

/** Rows that add up results. */
interface RollUp {
  readonly table: Sql;
  /** Primary key, but for the organization. */
  readonly key: Sql;
  /** The key and what follows from it. */
  readonly columns: Sql;
  /** These columns of a result `r`. */
  readonly ofResult: Sql;
}

const testDays: RollUp = {
  table: verbatim('test_days'),
  key: verbatim('test_case_id, day'),
  columns: verbatim('test_case_id, day, repository_id'),
  ofResult: verbatim(
    `r.test_case_id, (r.recorded_at AT TIME ZONE 'UTC')::date AS day, r.repository_id`,
  ),
};

const resultQuarters: RollUp = {
  table: verbatim('result_quarters'),
  key: verbatim('repository_id, starts_at'),
  columns: verbatim('repository_id, starts_at'),
  ofResult: sql`r.repository_id, ${quarterOf(verbatim('r.recorded_at'))} AS starts_at`,
};

/** Adds the new results to the days of their tests and to the quarters of their repositories. */
export async function rollUpResults(tx: Queryable, taken: Taken): Promise<void> {
  const { organizationId } = taken;
  const days = await add(tx, organizationId, testDays, newResults(taken));
  await orderOutcomes(tx, organizationId, days);
  // Those of tests that are done anew count for their repository as ever.
  await add(tx, organizationId, resultQuarters, newResults({ ...taken, testCaseIds: [] }));
}

/** Counts all results of the tests anew, by day. */
export async function rollUpTestCases(
  tx: Queryable,
  { organizationId, testCaseIds }: Taken,
): Promise<void> {
  if (testCaseIds.length === 0) return;
  const ofThese = sql`organization_id = ${organizationId}::uuid AND test_case_id = ANY (${testCaseIds}::text[])`;
  await query(
    tx,
    sql`DELETE FROM test_days WHERE ${ofThese} AND day >= (${oldestResult(organizationId)} AT TIME ZONE 'UTC')::date`,
  );
  const results = sql`SELECT repository_id, test_case_id, recorded_at, status, coalesce(duration_us, -1) AS duration_us
    FROM test_results WHERE ${ofThese}`;
  await orderOutcomes(tx, organizationId, await add(tx, organizationId, testDays, results));
}

/** Counts anew what the repositories of DAYS events had on those days (UTC). */
export async function rollUpDays(tx: Queryable, { organizationId, ids }: Taken): Promise<void> {
  const asked = sql`(SELECT DISTINCT e.repository_id, date_trunc('day', at, 'UTC') AS day
    FROM analytics_events e, unnest(e.recorded_ats) AS at
    WHERE e.organization_id = ${organizationId}::uuid AND e.id = ANY (${ids}::bigint[]) AND e.kind = 'DAYS') asked`;
  await query(
    tx,
    sql`DELETE FROM result_quarters q USING ${asked} WHERE q.organization_id = ${organizationId}::uuid
      AND q.repository_id = asked.repository_id AND q.starts_at >= asked.day AND q.starts_at < asked.day + interval '24 hours'
      AND asked.day >= date_trunc('day', ${oldestResult(organizationId)}, 'UTC')`,
  );
  const results = sql`SELECT t.repository_id, t.recorded_at, t.status, coalesce(t.duration_us, -1) AS duration_us
    FROM ${asked} JOIN test_results t ON t.organization_id = ${organizationId}::uuid
      AND t.repository_id = asked.repository_id AND t.recorded_at >= asked.day AND t.recorded_at < asked.day + interval '24 hours'`;
  await add(tx, organizationId, resultQuarters, results);
}

interface TestDay {
  readonly testCaseId: string;
  readonly day: string;
}

/** Adds results, whose time is -1 when unknown, to the rows they belong to; gives those rows that hold failures. */
function add(
  tx: Queryable,
  organizationId: string,
  { table, key, columns, ofResult }: RollUp,
  results: Sql,
): Promise<TestDay[]> {
  const ofTable = sql`t.organization_id = ${organizationId}::uuid AND (${key}) IN (SELECT ${key} FROM counted)`;
  return query<TestDay>(
    tx,
    sql`WITH said AS MATERIALIZED (SELECT ${ofResult}, r.status,
        ${boundedRun(verbatim('r.duration_us'), 'us')} AS duration_us FROM (${results}) r),
      counted AS (SELECT ${columns},
          count(*) FILTER (WHERE status = 'PASSED') AS passed, count(*) FILTER (WHERE status = 'FAILED') AS failed,
          count(*) FILTER (WHERE status = 'ERRORED') AS errored, count(*) FILTER (WHERE status = 'SKIPPED') AS skipped,
          count(*) FILTER (WHERE status = 'OTHER') AS other,
          coalesce(sum(duration_us) FILTER (WHERE duration_us > 0 AND status <> 'SKIPPED'), 0) AS duration_us
        FROM said GROUP BY ${columns}),
      merged AS (SELECT ${key}, bucket, sum(times)::int AS times FROM (
          SELECT ${key}, duration_bucket(duration_us) AS bucket, count(*) AS times
          FROM said WHERE status = 'PASSED' AND duration_us >= 0 GROUP BY ${key}, bucket
          UNION ALL SELECT ${key}, bucket, times
          FROM ${table} t, unnest(t.buckets, t.bucket_counts) AS known (bucket, times) WHERE ${ofTable}
        ) both_sides GROUP BY ${key}, bucket),
      histograms AS (SELECT ${key}, array_agg(bucket ORDER BY bucket) AS buckets,
        array_agg(times ORDER BY bucket) AS bucket_counts FROM merged GROUP BY ${key}),
      written AS (
        INSERT INTO ${table} AS t (organization_id, ${columns}, passed, failed, errored, skipped, other, duration_us,
          buckets, bucket_counts)
        SELECT ${organizationId}::uuid, ${columns}, passed, failed, errored, skipped, other, duration_us,
          coalesce(buckets, '{}'), coalesce(bucket_counts, '{}')
        FROM counted LEFT JOIN histograms USING (${key}) ORDER BY ${key}
        ON CONFLICT (organization_id, ${key}) DO UPDATE SET passed = t.passed + EXCLUDED.passed,
          failed = t.failed + EXCLUDED.failed, errored = t.errored + EXCLUDED.errored,
          skipped = t.skipped + EXCLUDED.skipped, other = t.other + EXCLUDED.other,
          duration_us = t.duration_us + EXCLUDED.duration_us, buckets = EXCLUDED.buckets,
          bucket_counts = EXCLUDED.bucket_counts
        RETURNING to_jsonb(t.*) AS of, t.failed + t.errored > 0 AS has_failures)
      SELECT of ->> 'test_case_id' AS "testCaseId", of ->> 'day' AS day FROM written WHERE has_failures`,
  );
}

/** Days without failures have nothing to tell: all passed. */
async function orderOutcomes(
  tx: Queryable,
  organizationId: string,
  days: readonly TestDay[],
): Promise<void> {
  if (days.length === 0) return;
  const testCaseIds = days.map(({ testCaseId }) => testCaseId);
  await query(
    tx,
    sql`UPDATE test_days d SET transitions = f.transitions, first_passed = f.first_passed, last_passed = f.last_passed
      FROM (SELECT test_case_id, day, count(*) FILTER (WHERE passed <> before) AS transitions,
          (array_agg(passed ORDER BY recorded_at, attempt, id))[1] AS first_passed,
          (array_agg(passed ORDER BY recorded_at DESC, attempt DESC, id DESC))[1] AS last_passed
        FROM (SELECT asked.test_case_id, asked.day, r.recorded_at, r.attempt, r.id, r.status = 'PASSED' AS passed,
            lag(r.status = 'PASSED') OVER (PARTITION BY asked.test_case_id, asked.day
              ORDER BY r.recorded_at, r.attempt, r.id) AS before
          FROM unnest(${testCaseIds}::text[], ${days.map(({ day }) => day)}::date[]) AS asked (test_case_id, day)
          JOIN test_results r ON r.test_case_id = asked.test_case_id AND r.recorded_at >= asked.day::timestamp AT TIME ZONE 'UTC'
            AND r.recorded_at < (asked.day + 1)::timestamp AT TIME ZONE 'UTC'
          WHERE r.organization_id = ${organizationId}::uuid AND ${hasOutcome('r')}) ordered
        GROUP BY test_case_id, day) f
      WHERE d.organization_id = ${organizationId}::uuid AND d.test_case_id = f.test_case_id AND d.day = f.day`,
  );
}
