import type { AttemptStatus } from './report-events.ts';
import type { Attributes } from './xml-document.ts';

/** How many cases had each outcome. */
export type Tally = Record<AttemptStatus, number>;

/** Makes a tally of nothing. */
export function createTally(): Tally {
  return { PASSED: 0, FAILED: 0, ERRORED: 0, SKIPPED: 0, OTHER: 0 };
}

/** Adds what is in one tally to another. */
export function addTally(to: Tally, from: Tally): void {
  to.PASSED += from.PASSED;
  to.FAILED += from.FAILED;
  to.ERRORED += from.ERRORED;
  to.SKIPPED += from.SKIPPED;
  to.OTHER += from.OTHER;
}

/** Gives the number of cases in a tally. */
export function casesIn(tally: Tally): number {
  return Object.values(tally).reduce((sum, count) => sum + count, 0);
}

/**
 * Gives in words where the counters of an element contradict what was counted, e.g. `tests 5 instead of 4`; undefined
 * where they agree. A counter agrees with any of the numbers of `counted`; one that is no number is not looked at.
 */
export function contradictions(
  declared: Attributes,
  counted: Readonly<Record<string, readonly number[]>>,
): string | undefined {
  const contradicted = Object.entries(counted).flatMap(([name, counts]) => {
    const value = declared[name]?.trim() ?? '';
    if (!/^\d{1,15}$/.test(value) || counts.includes(Number(value))) return [];
    return [`${name} ${value} instead of ${String(counts[0])}`];
  });
  return contradicted.length === 0 ? undefined : contradicted.join(', ');
}
