import type { ServiceContext } from '../context.ts';
import { empty, join, type Sql, sql, verbatim } from '../db/sql.ts';
import { decodeCursor, encodeCursor } from '../domain/cursor.ts';
import type { Asked, RepositoryFilter, TimeRange } from './conditions.ts';
import { ofRepository } from './of-repository.ts';
import { requireFirst } from './require-first.ts';
import type { Page } from './pages.ts';
import { onDays, wholeDays } from './whole-days.ts';

/** What slow means: the time all runs took together, its 95th percentile, or its mean. */
export type SlowestTestsOrder = 'TOTAL' | 'P95' | 'MEAN';

export interface SlowestTestsQuestion {
  readonly repository: Asked<RepositoryFilter>;
  readonly window?: TimeRange | null | undefined;
  readonly orderBy: SlowestTestsOrder;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** How long the runs of one test took. Percentiles are of runs that passed; null when none did and has a time. */
export interface TestDurations {
  readonly testCaseId: string;
  /** Runs that were not skipped. */
  readonly runCount: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

type Found = TestDurations & { readonly key: string };

interface Answer {
  readonly totalCount: bigint;
  readonly found: readonly Found[] | null;
}

const list = 'TestDurations';

/**
 * Gives the tests of a repository that took longest on whole days (UTC), longest first, from the sums and histograms of
 * their days: no result is read. A keyset page: its place is the value it is sorted by, and the test.
 *
 * @throws {ValidationError} for a page size, a cursor or a time that breaks a rule
 */
export async function slowestTests(
  { db, tenant: { organizationId }, now }: ServiceContext,
  { repository, window, orderBy, first, after }: SlowestTestsQuestion,
): Promise<Page<TestDurations>> {
  const size = requireFirst(first);
  const days = wholeDays(window, now(), ['window']);
  const place =
    after == null
      ? null
      : decodeCursor('after', after, { list, order: orderBy, types: ['bigint', 'text'] });
  const conditions = [...ofRepository(organizationId, repository), onDays(sql`t.day`, days)];
  const beyond = place
    ? sql`WHERE (a.key, a.test_case_id) < (${place[0]}::bigint, ${place[1]}::text)`
    : empty;
  const [answer] = await db.read<Answer>(sql`WITH all_tests AS (${testsBy(orderBy, conditions)}),
    page AS (SELECT * FROM all_tests a ${beyond}
      ORDER BY a.key DESC, a.test_case_id DESC LIMIT ${verbatim(String(size + 1))})
    SELECT (SELECT count(*) FROM all_tests) AS "totalCount", (
      SELECT json_agg(row ORDER BY row.place DESC, row."testCaseId" DESC) FROM (
        SELECT p.test_case_id AS "testCaseId", p.key AS place, p.key::text AS key, ${figures}
        FROM page p
        CROSS JOIN LATERAL (${sumsOf(conditions)}) s
        CROSS JOIN LATERAL (${percentilesOf(conditions)}) h) row) AS found`);
  if (answer === undefined) throw new Error('the slowest tests gave no row');
  return toPage(answer, { orderBy, size, after });
}

function toPage(
  { totalCount, found }: Answer,
  { orderBy, size, after }: Pick<SlowestTestsQuestion, 'orderBy' | 'after'> & { size: number },
): Page<TestDurations> {
  const rows = found ?? [];
  return {
    edges: rows.slice(0, size).map((node) => ({
      node,
      cursor: encodeCursor(list, orderBy, [node.key, node.testCaseId]),
    })),
    totalCount: Number(totalCount),
    hasNextPage: rows.length > size,
    hasPreviousPage: after != null,
  };
}

const ran = sql`sum(t.passed + t.failed + t.errored + t.other)`;

/** Each test with what it is sorted by: microseconds, or the bucket that holds them. */
function testsBy(orderBy: SlowestTestsOrder, conditions: readonly Sql[]): Sql {
  const where = join(conditions, ' AND ');
  switch (orderBy) {
    case 'TOTAL':
      return sql`SELECT t.test_case_id, sum(t.duration_us)::bigint AS key FROM test_days t WHERE ${where}
        GROUP BY 1 HAVING sum(t.duration_us) > 0`;
    case 'MEAN':
      return sql`SELECT t.test_case_id, (sum(t.duration_us) / ${ran})::bigint AS key FROM test_days t WHERE ${where}
        GROUP BY 1 HAVING sum(t.duration_us) > 0 AND ${ran} > 0`;
    case 'P95':
      return sql`SELECT test_case_id, min(bucket)::bigint AS key FROM (
          SELECT test_case_id, bucket, sum(runs) OVER (PARTITION BY test_case_id ORDER BY bucket) AS upto,
            sum(runs) OVER (PARTITION BY test_case_id) AS runs
          FROM (${histogramsOf(where)} GROUP BY 1, 2) buckets) ranked
        WHERE upto >= ceil(0.95 * runs) GROUP BY 1`;
  }
}

function histogramsOf(where: Sql): Sql {
  return sql`SELECT t.test_case_id, h.bucket, sum(h.runs) AS runs
    FROM test_days t CROSS JOIN LATERAL unnest(t.buckets, t.bucket_counts) AS h (bucket, runs) WHERE ${where}`;
}

const figures = sql`s.runs AS "runCount", s.duration_us / 1000.0 AS "totalMs",
  s.duration_us / 1000.0 / s.runs AS "meanMs", ${verbatim(
    [50, 95, 99]
      .map((percent) => `bucket_duration(h.p${String(percent)}) / 1000 AS "p${String(percent)}Ms"`)
      .join(', '),
  )}`;

function sumsOf(conditions: readonly Sql[]): Sql {
  const where = join([...conditions, sql`t.test_case_id = p.test_case_id`], ' AND ');
  return sql`SELECT ${ran} AS runs, sum(t.duration_us) AS duration_us FROM test_days t WHERE ${where}`;
}

/** The bucket of the run that is at least as long as so many per cent of all (nearest rank). */
function percentilesOf(conditions: readonly Sql[]): Sql {
  const where = join([...conditions, sql`t.test_case_id = p.test_case_id`], ' AND ');
  const percentiles = [50, 95, 99].map(
    (percent) =>
      `min(bucket) FILTER (WHERE upto >= ceil(${String(percent / 100)} * runs)) AS p${String(percent)}`,
  );
  return sql`SELECT ${verbatim(percentiles.join(', '))} FROM (
    SELECT bucket, sum(runs) OVER (ORDER BY bucket) AS upto, sum(runs) OVER () AS runs
    FROM (${histogramsOf(where)} GROUP BY 1, 2) buckets) ranked`;
}
