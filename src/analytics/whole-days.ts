import { z } from 'zod';
import { type Sql, sql } from '../db/sql.ts';
import { instant } from '../domain/fields.ts';
import { ValidationError } from '../errors.ts';
import type { TimeRange } from './conditions.ts';
import { dayMs } from '../domain/time.ts';
import { daysUnasked } from '../domain/windows.ts';

const mostDays = 366;

/** Whole days (UTC): both ends are midnights, the second no longer belongs to it. */
export interface WholeDays {
  readonly from: Date;
  readonly to: Date;
}

/**
 * Gives the days (UTC) that a time touches: today and the 29 before it when nothing is said.
 *
 * @param argument what the time came in, for the error
 * @throws {ValidationError} for a time that ends before it begins, or touches more than 366 days
 */
export function wholeDays(
  asked: TimeRange | null | undefined,
  now: Date,
  argument: readonly string[],
): WholeDays {
  const to = dayOf(asked?.to ?? now, Math.ceil);
  const from =
    asked?.from == null
      ? new Date(to.getTime() - daysUnasked * dayMs)
      : dayOf(asked.from, Math.floor);
  const parsed = z.object({ from: instant, to: instant }).safeParse({ from, to });
  const issues = (parsed.error?.issues ?? []).map(({ path, message }) => ({
    path: [...argument, ...path.map(String)],
    message,
  }));
  if (issues.length > 0) throw new ValidationError(issues);
  if (asked?.from != null && asked.from >= (asked.to ?? now)) {
    throw new ValidationError([{ path: [...argument, 'from'], message: 'must be before `to`' }]);
  }
  const days = (to.getTime() - from.getTime()) / dayMs;
  if (days > mostDays) {
    const message = `touches ${String(days)} days, more than ${String(mostDays)}`;
    throw new ValidationError([{ path: [...argument], message }]);
  }
  return { from, to };
}

function dayOf(at: Date, round: (days: number) => number): Date {
  return new Date(round(at.getTime() / dayMs) * dayMs);
}

/** The date lies within the days. A text: a `Date` would be sent in the time zone of this process. */
export function onDays(day: Sql, { from, to }: WholeDays): Sql {
  return sql`${day} >= ${dateOf(from)}::date AND ${day} < ${dateOf(to)}::date`;
}

function dateOf(midnight: Date): string {
  return midnight.toISOString().slice(0, 10);
}
