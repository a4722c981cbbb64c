import { type Sql, sql, verbatim } from '../db/sql.ts';
import { type AskedWindow, type ScoreWindow, scoreWindow } from '../domain/score-window.ts';
import { ValidationError } from '../errors.ts';
import { edgesOf, instantOf, intervals } from './interval-edges.ts';
import { requireTimeZone } from './time-zone.ts';
import { dayMs } from '../domain/time.ts';
import { daysUnasked, mostDays } from '../domain/windows.ts';

export type StatisticsInterval = 'HOUR' | 'DAY' | 'WEEK' | 'MONTH';

/** Which time to count, in which parts, as a caller asks. */
export interface StatisticsTime {
  readonly window?: AskedWindow | null | undefined;
  readonly interval: StatisticsInterval;
  /** Where days, weeks and months begin, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
}

const mostIntervals = 1_000;

/** The finest that totals are kept in: windows are widened to whole ones. */
const grains = { QUARTER: '15 minutes', DAY: '1 day' } as const;

/**
 * Two CTEs that know the window: `span`, one row with `from_at`, `to_at` and `before_at`, where the window before
 * begins that is as long; and `edges`, one row with the array `at`, where intervals begin and the last one ends. The
 * first and the last interval are cut to the window, so that together they are the window.
 *
 * @throws {ValidationError} for a window of more than 400 days or 1,000 intervals, or no time zone
 */
export function spanAndEdges(asked: StatisticsTime, grain: keyof typeof grains): Sql {
  const timeZone = requireTimeZone(asked.timeZone);
  const window = windowOf(asked);
  const { from, to } = boundsOf(window, timeZone);
  const step = verbatim(`interval '${grains[grain]}'`);
  const origin = sql`timestamptz '2001-01-01 00:00:00Z'`;
  const edges = edgesOf({
    interval: asked.interval,
    from: sql`(SELECT from_at FROM span)`,
    to: sql`(SELECT to_at FROM span)`,
    timeZone,
  });
  return sql`span AS MATERIALIZED (
      SELECT from_at, to_at, from_at - make_interval(secs => extract(epoch FROM to_at - from_at)::float8) AS before_at
      FROM (SELECT from_at, greatest(date_bin(${step}, ${to} + ${step} - interval '1 microsecond', ${origin}),
          from_at + ${step}) AS to_at
        FROM (SELECT date_bin(${step}, ${from}, ${origin}) AS from_at) began) bounds),
    edges AS MATERIALIZED (
      SELECT array_agg(DISTINCT at ORDER BY at) AS at
      FROM (SELECT least(greatest(edge.at, from_at), to_at) AS at FROM span, (${edges}) edge (at)) cut)`;
}

/** The instant lies in the window, or in the one before. */
export function inSpan(instant: Sql): Sql {
  return sql`${instant} >= (SELECT before_at FROM span) AND ${instant} < (SELECT to_at FROM span)`;
}

/** Number of the interval that holds an instant, from 1; 0 is the window before. */
export function placeOf(instant: Sql): Sql {
  return sql`CASE WHEN ${instant} < (SELECT from_at FROM span) THEN 0
    ELSE width_bucket(${instant}, (SELECT at FROM edges)) END`;
}

function windowOf({ window, interval }: StatisticsTime): ScoreWindow {
  const { days, from, to } = window ?? {};
  const isUnasked = days == null && from == null && to == null;
  const asked = scoreWindow(isUnasked ? { days: daysUnasked } : window);
  const lengthMs = 'days' in asked ? asked.days * dayMs : asked.to.getTime() - asked.from.getTime();
  if (lengthMs > mostDays * dayMs) {
    throw refusal('window', `must be at most ${String(mostDays)} days`);
  }
  const count = Math.ceil(lengthMs / intervals[interval].ms);
  if (count > mostIntervals) {
    throw refusal(
      'interval',
      `gives ${String(count)} intervals, more than ${String(mostIntervals)}; ask for longer ones or a shorter time`,
    );
  }
  return asked;
}

function refusal(argument: string, message: string): ValidationError {
  return new ValidationError([{ path: [argument], message }]);
}

/** By Postgres' clock: statements are kept longer than a day. */
function boundsOf(window: ScoreWindow, timeZone: string): { readonly from: Sql; readonly to: Sql } {
  if (!('days' in window)) {
    return { from: sql`${window.from}::timestamptz`, to: sql`${window.to}::timestamptz` };
  }
  const today = sql`date_trunc('day', now() AT TIME ZONE ${timeZone})`;
  const first = sql`(${today} - make_interval(days => ${window.days - 1}::int))`;
  return { from: instantOf(first, timeZone), to: sql`now()` };
}
