import type { InputIssue } from '../errors.ts';

/** A day of UTC in milliseconds. */
export const dayMs = 86_400_000;

/** A clock may run ahead of ours, but not by more than a day. */
export function isInFuture(now: Date, at: Date): boolean {
  return at.getTime() > now.getTime() + dayMs;
}

/** Gives an issue for each field of an input that lies more than a day ahead. */
export function futureIssues(
  now: Date,
  fields: Readonly<Record<string, Date | null | undefined>>,
): InputIssue[] {
  return Object.entries(fields)
    .filter(([, at]) => at != null && isInFuture(now, at))
    .map(([field]) => ({ path: ['input', field], message: 'is more than a day in the future' }));
}
