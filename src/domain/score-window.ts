import { ValidationError } from '../errors.ts';
import { dayMs } from './time.ts';
import { mostDays } from './windows.ts';

const earliest = new Date(0);

/** The time over which scores are counted: so many days (UTC), today included, or from one instant up to another. */
export type ScoreWindow = { readonly days: number } | { readonly from: Date; readonly to: Date };

/** A window as a caller gives it. */
export interface AskedWindow {
  readonly days?: number | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

const fortnight: ScoreWindow = { days: 14 };

/**
 * Gives the window that is asked for, 14 days when nothing is said.
 *
 * @throws {ValidationError} unless it is 1 to 400 `days`, or `from` an instant since 1970 `to` a later one
 */
export function scoreWindow(asked: AskedWindow | null | undefined): ScoreWindow {
  const { days, from, to } = asked ?? {};
  if (from == null && to == null) {
    return days == null ? fortnight : { days: requireDays(days, ['window', 'days']) };
  }
  if (days != null) throw refusal(['window'], 'takes `days`, or `from` and `to`, but not both');
  if (from == null || to == null) throw refusal(['window'], 'needs both `from` and `to`');
  if (from < earliest) throw refusal(['window', 'from'], 'must not be before 1970');
  if (from >= to) throw refusal(['window', 'to'], 'must be later than `from`');
  return { from, to };
}

/**
 * Gives a number of days back.
 *
 * @throws {ValidationError} unless it is from 1 to 400
 */
export function requireDays(days: number, path: readonly string[]): number {
  if (days >= 1 && days <= mostDays) return days;
  throw refusal(path, `must be from 1 to ${String(mostDays)}, not ${String(days)}`);
}

/** Part of a window, from an instant up to another, in milliseconds since 1970. */
interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** The whole days (UTC) in an interval, if any, and what is left of it before and after them. */
export function splitDays({ from, to }: Span): {
  readonly days: Span | null;
  readonly rest: readonly Span[];
} {
  const first = new Date(Math.ceil(from.getTime() / dayMs) * dayMs);
  const end = new Date(Math.floor(to.getTime() / dayMs) * dayMs);
  if (first >= end) return { days: null, rest: [{ from, to }] };
  const rest = [
    { from, to: first },
    { from: end, to },
  ];
  return { days: { from: first, to: end }, rest: rest.filter((span) => span.from < span.to) };
}

function refusal(path: readonly string[], message: string): ValidationError {
  return new ValidationError([{ path: [...path], message }]);
}
