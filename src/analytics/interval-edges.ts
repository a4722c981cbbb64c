import { type Sql, sql, verbatim } from '../db/sql.ts';

/** Lengths of the intervals that figures can be given for. `ms` is how long one is, if it need not be longer. */
export const intervals = {
  MINUTE: { step: '1 minute', ms: 60_000 },
  FIVE_MINUTES: { step: '5 minutes', ms: 300_000 },
  FIFTEEN_MINUTES: { step: '15 minutes', ms: 900_000 },
  HOUR: { step: '1 hour', ms: 3_600_000 },
  DAY: { step: '1 day', ms: 86_400_000 },
  WEEK: { step: '7 days', ms: 604_800_000 },
  MONTH: { step: '1 month', ms: 2_419_200_000 },
} as const;

export type IntervalName = keyof typeof intervals;

/** Which intervals, from the one that holds `from` to the one that ends at `to` or after: expressions of instants. */
export interface Intervals {
  readonly interval: IntervalName;
  readonly from: Sql;
  readonly to: Sql;
  readonly timeZone: string;
}

/** A Monday: weeks begin on one. */
const origin = sql`timestamp '2001-01-01'`;

/** Where intervals begin, and where the last one ends, as a select of one column. */
export function edgesOf({ interval, from, to, timeZone }: Intervals): Sql {
  const step = sql`${verbatim(`interval '${intervals[interval].step}'`)}`;
  const local = sql`(${from} AT TIME ZONE ${timeZone})`;
  const start =
    interval === 'MONTH'
      ? sql`date_trunc('month', ${local})`
      : sql`date_bin(${step}, ${local}, ${origin})`;
  // Days have 23 to 25 hours where clocks change; anything shorter goes on at its pace.
  if (interval === 'DAY' || interval === 'WEEK' || interval === 'MONTH') {
    return sql`SELECT ${instantOf(verbatim('at'), timeZone)}
      FROM generate_series(${start}, (${to} AT TIME ZONE ${timeZone}) + ${step} - interval '1 microsecond', ${step}) at`;
  }
  return sql`SELECT generate_series(${from} - (${local} - ${start}),
    ${to} + ${step} - interval '1 microsecond', ${step})`;
}

/** The instant of a time of day in a zone: of one that comes twice the first, where Postgres takes the second. */
export function instantOf(local: Sql, timeZone: string): Sql {
  const late = sql`(${local} AT TIME ZONE ${timeZone})`;
  return sql`(CASE WHEN (${late} - interval '1 hour') AT TIME ZONE ${timeZone} = ${local}
    THEN ${late} - interval '1 hour' ELSE ${late} END)`;
}
