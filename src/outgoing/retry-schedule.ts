const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits between attempts. Source: https://www.standardwebhooks.com, "Deliverability and reliability". */
const waitsMs = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const;

/** Up to so much longer, by chance: what failed together is not tried again together. */
const jitter = 0.2;

const longestRetryAfterMs = 24 * hour;

/** The next attempt is not later, not even when it has to wait for its turn: 30 hours. */
export const longestWaitMs = (longestRetryAfterMs + hour) * (1 + jitter);

/** An attempt that failed. */
export interface FailedAttempt {
  /** Which one it was, from 1. */
  readonly attempt: number;
  readonly endedAt: Date;
  /** Header `retry-after` of the answer: seconds, or a date of HTTP. */
  readonly retryAfter: string | null;
}

/**
 * Says when to try again; null when it was the last time, the tenth. Later where the endpoint asks for that, by a day
 * at most.
 *
 * @param random gives a number from 0 to 1
 */
export function nextAttemptAt(
  { attempt, endedAt, retryAfter }: FailedAttempt,
  random: () => number,
): Date | null {
  const wait = waitsMs[attempt - 1];
  if (wait === undefined) return null;
  const asked = Math.min(msOf(retryAfter, endedAt), longestRetryAfterMs);
  return new Date(endedAt.getTime() + Math.max(wait, asked) * (1 + jitter * random()));
}

function msOf(retryAfter: string | null, now: Date): number {
  if (retryAfter === null) return 0;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * second;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? 0 : date - now.getTime();
}
