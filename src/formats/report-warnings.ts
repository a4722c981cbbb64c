import type { WarningEvent } from './report-events.ts';

/** Gathers what was odd in a report, so that a million odd items are one warning. */
export interface Warnings {
  /** Counts one odd item; `what` is a phrase that a count may follow, `line` is where the item stands when that is known. */
  add(code: WarningEvent['code'], what: string, line?: number): void;
  /** Gives one warning for each kind. */
  events(): readonly WarningEvent[];
}

interface Kind {
  readonly code: WarningEvent['code'];
  readonly what: string;
  readonly firstLine: number | undefined;
  count: number;
}

/** Makes an empty set of warnings. */
export function createWarnings(): Warnings {
  const kinds = new Map<string, Kind>();
  return {
    add(code, what, line) {
      const kind = kinds.get(what);
      if (kind == null) kinds.set(what, { code, what, firstLine: line, count: 1 });
      else kind.count += 1;
    },
    events: () =>
      [...kinds.values()].map(({ code, what, count, firstLine }) => {
        const where = firstLine === undefined ? '' : `, the first is line ${firstLine}`;
        return { kind: 'WARNING', code, message: `${what}: ${count}${where}.` };
      }),
  };
}
