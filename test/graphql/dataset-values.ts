import { createHash } from 'node:crypto';

/** Texts that break a careless query: wildcards, quotes, backslashes, what NUL is stored as. */
export const texts = [
  'unit-tests',
  '50%_done',
  'a_b',
  'axb',
  'back\\slash',
  `it's "quoted"`,
  'nul\uFFFDbyte',
  'MiXed Case',
  '%',
] as const;

/** An hour apart at most: rows share minutes, so that sort keys tie. */
export function minute(index: number): Date {
  return new Date(Date.UTC(2026, 1, 27, 12) + index * 60_000);
}

/** A value for most rows, null for every fourth. */
export function known<Value>(index: number, value: Value): Value | null {
  return index % 4 === 3 ? null : value;
}

/** One of the values, by turns. */
export function cycle<Value>(values: readonly Value[], index: number): Value {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('nothing to choose from');
  return value;
}

/** Half of all children hang on the first parent, so that one list is long. */
export function parentOf<Parent>(parents: readonly Parent[], index: number): Parent {
  return index % 2 === 0
    ? cycle(parents, 0)
    : cycle(parents, 1 + (((index - 1) / 2) % (parents.length - 1)));
}

/** Every fifth row comes and goes; nothing hangs on it. */
export function isTransient(index: number): boolean {
  return index % 5 === 4;
}

/** The rows that stay. */
export function lasting<Row>(rows: readonly Row[]): Row[] {
  return rows.filter((_row, index) => !isTransient(index));
}

/** A UUID (of version 4, in its shape) made of a name: the same in every run, in no order. */
export function uuidOf(...name: string[]): string {
  const hex = createHash('sha256').update(name.join('\n')).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}

/** As many rows as said. */
export function rowsOf<Row>(count: number, make: (index: number) => Row): Row[] {
  return Array.from({ length: count }, (_none, index) => make(index));
}
