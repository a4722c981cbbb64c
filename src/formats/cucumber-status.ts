import type { AttemptStatus } from './report-events.ts';

/** What Cucumber says of a step, worst last; a scenario is as its worst step. */
const FROM_BEST_TO_WORST = [
  ['PASSED', 'PASSED'],
  ['SKIPPED', 'SKIPPED'],
  ['PENDING', 'SKIPPED'],
  ['UNDEFINED', 'ERRORED'],
  ['AMBIGUOUS', 'ERRORED'],
  ['FAILED', 'FAILED'],
] as const satisfies readonly (readonly [string, AttemptStatus])[];

/**
 * Gives the outcome of a scenario from the words of its steps, in any letter case: the worst, as it is written. A step
 * that is not defined, or is so twice, is an error: nothing was tested. A scenario without steps is `OTHER`.
 */
export function worstOf(words: readonly string[]): { status: AttemptStatus; statusRaw: string } {
  const rank = (word: string): number =>
    FROM_BEST_TO_WORST.findIndex(([known]) => known === word.toUpperCase());
  const worst = words.reduce<string | undefined>(
    (found, word) => (found === undefined || rank(word) > rank(found) ? word : found),
    undefined,
  );
  const status = worst === undefined ? undefined : FROM_BEST_TO_WORST[rank(worst)]?.[1];
  return { status: status ?? 'OTHER', statusRaw: worst || 'unknown' };
}
