import { numberOf } from './json-values.ts';
import type { WarningEvent } from './report-events.ts';

/** Counts the tests of a report under the names that its totals have. */
export interface Counts {
  add(name: string): void;
  /** Gives the warning that totals contradict what was counted, e.g. `failed 5 instead of 4`; totals that are no numbers are not looked at. */
  compare(totals: unknown): readonly WarningEvent[];
}

/** Makes counts for the totals of these names. */
export function createCounts(names: readonly string[]): Counts {
  const counts = new Map(names.map((name) => [name, 0]));
  return {
    add(name) {
      const count = counts.get(name);
      if (count !== undefined) counts.set(name, count + 1);
    },
    compare(totals) {
      const wrong = [...counts].flatMap(([name, count]) => {
        const told = numberOf(totals, name);
        return told === undefined || told === count ? [] : [`${name} ${told} instead of ${count}`];
      });
      if (wrong.length === 0) return [];
      const message = `The totals contradict the tests: ${wrong.join(', ')}.`;
      return [{ kind: 'WARNING', code: 'COUNTS_DIFFER', message }];
    },
  };
}
