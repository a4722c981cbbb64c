import { boundedRun } from '../db/bounded-run.ts';
import { hasOutcome } from '../db/outcome-rules.ts';
import { join, type Sql, sql, verbatim } from '../db/sql.ts';
import { type ScoreWindow, splitDays } from '../domain/score-window.ts';

/** The test that is counted: its organization and its id, as expressions. */
export interface CountedTest {
  readonly organizationId: Sql;
  readonly testCaseId: Sql;
}

/** Midnight (UTC) before which `days` days begin, today included. */
function firstMidnight(days: number): Sql {
  return sql`(date_trunc('day', now(), 'UTC') - ${days - 1}::int * interval '24 hours')`;
}

/** The first instant of the window. By Postgres' clock: statements are kept longer than a day. */
export function windowFrom(window: ScoreWindow): Sql {
  return 'days' in window ? firstMidnight(window.days) : sql`${window.from}::timestamptz`;
}

/** The first instant after the window. */
export function windowTo(window: ScoreWindow): Sql {
  return 'days' in window
    ? sql`(date_trunc('day', now(), 'UTC') + interval '24 hours')`
    : sql`${window.to}::timestamptz`;
}

/** The time lies in the window. */
export function inWindow(time: Sql, window: ScoreWindow): Sql {
  return sql`${time} >= ${windowFrom(window)} AND ${time} < ${windowTo(window)}`;
}

/**
 * What the results of a test in the window add up to, a subquery of one row: `passed`, `failed` (errors too), `other`
 * and `duration_us`. Whole days are read as such; results are looked at where the window cuts a day.
 */
export function countsOf(test: CountedTest, window: ScoreWindow): Sql {
  return sql`(SELECT ${sums} FROM ${partsOf(test, window)})`;
}

/** The same with `transitions`: the rows are put in order, which takes as long again. */
export function totalsOf(test: CountedTest, window: ScoreWindow): Sql {
  // Days with nothing but results of status OTHER stand aside: what passed before them goes on after them.
  return sql`(SELECT ${sums},
      (coalesce(sum(transitions), 0) + count(*) FILTER (WHERE first_passed <> before))::float8 AS transitions
    FROM (SELECT p.*, lag(p.last_passed) OVER (PARTITION BY p.passed + p.failed > 0 ORDER BY p.starts_at) AS before
      FROM ${partsOf(test, window)}) ordered)`;
}

const sums = sql`coalesce(sum(passed), 0)::float8 AS passed, coalesce(sum(failed), 0)::float8 AS failed,
  coalesce(sum(other), 0)::float8 AS other, coalesce(sum(duration_us), 0)::float8 AS duration_us`;

const partColumns = verbatim(
  'starts_at, passed, failed, other, duration_us, transitions, first_passed, last_passed',
);

/** Days and parts of days of the window under the alias `p`. */
function partsOf(test: CountedTest, window: ScoreWindow): Sql {
  return sql`(${join(pieces(test, window), ' UNION ALL ')}) p (${partColumns})`;
}

function pieces(test: CountedTest, window: ScoreWindow): Sql[] {
  if ('days' in window) return [wholeDays(test, windowFrom(window), windowTo(window))];
  const { days, rest } = splitDays(window);
  const at = (instant: Date): Sql => sql`${instant}::timestamptz`;
  return [
    ...(days === null ? [] : [wholeDays(test, at(days.from), at(days.to))]),
    ...rest.map((span) => partOfDay(test, at(span.from), at(span.to))),
  ];
}

function wholeDays({ organizationId, testCaseId }: CountedTest, from: Sql, to: Sql): Sql {
  return sql`SELECT d.day::timestamp, d.passed, d.failed + d.errored, d.other, d.duration_us, d.transitions,
      coalesce(d.first_passed, true), coalesce(d.last_passed, true)
    FROM test_days d WHERE d.organization_id = ${organizationId} AND d.test_case_id = ${testCaseId}
      AND d.day >= (${from} AT TIME ZONE 'UTC')::date AND d.day < (${to} AT TIME ZONE 'UTC')::date`;
}

/** One row like those of whole days, from results. */
function partOfDay({ organizationId, testCaseId }: CountedTest, from: Sql, to: Sql): Sql {
  const counts = sql`${hasOutcome('r')}`;
  return sql`SELECT ${from} AT TIME ZONE 'UTC', (count(*) FILTER (WHERE passed))::int,
      (count(*) FILTER (WHERE NOT passed))::int, (count(*) FILTER (WHERE passed IS NULL))::int,
      coalesce(sum(duration_us) FILTER (WHERE duration_us > 0), 0)::bigint, (count(*) FILTER (WHERE passed <> before))::int,
      (array_agg(passed ORDER BY recorded_at, attempt, id) FILTER (WHERE passed IS NOT NULL))[1],
      (array_agg(passed ORDER BY recorded_at DESC, attempt DESC, id DESC) FILTER (WHERE passed IS NOT NULL))[1]
    FROM (SELECT r.recorded_at, r.attempt, r.id, ${boundedRun(verbatim('r.duration_us'), 'us')} AS duration_us,
        CASE WHEN ${counts} THEN r.status = 'PASSED' END AS passed,
        lag(r.status = 'PASSED') OVER (PARTITION BY ${counts} ORDER BY r.recorded_at, r.attempt, r.id) AS before
      FROM test_results r WHERE r.organization_id = ${organizationId} AND r.test_case_id = ${testCaseId}
        AND r.recorded_at >= ${from} AND r.recorded_at < ${to} AND r.status <> 'SKIPPED') ordered`;
}
