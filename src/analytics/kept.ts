/** Where a row keeps what was read with it. A property: a WeakMap took 5 % of a nested read's time. */
const kept = Symbol('kept');

interface Keeper {
  [kept]: Map<string, unknown> | undefined;
}

/** Keeps with a row what was read in the same statement, by the field and arguments that ask for it. */
export function keepWith(row: object, key: string, value: unknown): void {
  const keeper = row as Keeper; // nothing is kept yet, or the map that was put here
  const values = keeper[kept] ?? new Map<string, unknown>();
  keeper[kept] = values.set(key, value);
}

/**
 * Gives what was kept with a row; undefined if nothing was, and it is to be loaded. The type is the
 * caller's claim: `keepWith` was given a value of it under the same key.
 */
export function keptWith<Value>(row: object, key: string): Value | undefined {
  return (row as Keeper)[kept]?.get(key) as Value | undefined;
}
