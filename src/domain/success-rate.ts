/** How many builds or stages ended how. What is absent did not happen. */
export type RunCounts = Readonly<Partial<Record<string, number>>>;

/**
 * The share that succeeded of those that ended with a verdict: SUCCESS / (SUCCESS + FAILURE + UNSTABLE), from 0 to 1.
 * What was cancelled, has not run or has not ended counts for nothing; null without a verdict.
 */
export function successRate(counts: RunCounts): number | null {
  const success = counts['SUCCESS'] ?? 0;
  const all = success + (counts['FAILURE'] ?? 0) + (counts['UNSTABLE'] ?? 0);
  return all === 0 ? null : success / all;
}

/** By how much something grew, as a share of what it was: `(now - before) / before`. Null without both, or of 0. */
export function changeRatio(before: number | null, now: number | null): number | null {
  return before === null || now === null || before === 0 ? null : (now - before) / before;
}
