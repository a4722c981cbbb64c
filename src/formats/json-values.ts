/** A JSON object that was read; its keys are whatever the report has. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells whether the value is a JSON object, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Gives the value under a key of an object; undefined when there is no object or no such key. */
export function fieldOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Gives the text under a key; empty when there is none. */
export function textOf(value: unknown, key: string): string {
  const field = fieldOf(value, key);
  return typeof field === 'string' ? field : '';
}

/** Gives the finite number under a key; undefined when there is none. */
export function numberOf(value: unknown, key: string): number | undefined {
  const field = fieldOf(value, key);
  return typeof field === 'number' && Number.isFinite(field) ? field : undefined;
}

/** Gives the items of the array under a key; empty when there is none. */
export function itemsOf(value: unknown, key: string): readonly unknown[] {
  const field = fieldOf(value, key);
  return Array.isArray(field) ? field : [];
}

/** Gives the texts among the items of the array under a key. */
export function textsOf(value: unknown, key: string): readonly string[] {
  return itemsOf(value, key).filter((item) => typeof item === 'string');
}

/** Gives the line number, from 1, under a key; null when there is none. */
export function lineOf(value: unknown, key = 'line'): number | null {
  const line = numberOf(value, key);
  return line !== undefined && Number.isSafeInteger(line) && line > 0 ? line : null;
}

/** Gives `duration` units of so many microseconds as whole microseconds; null when absent, negative or not safe. */
export function toMicroseconds(duration: number | undefined, unitUs: number): number | null {
  if (duration === undefined || duration < 0) return null;
  const microseconds = Math.round(duration * unitUs);
  return Number.isSafeInteger(microseconds) ? microseconds : null;
}

/** Gives the instant of milliseconds since 1970; null when absent or beyond what a `Date` holds. */
export function toInstant(milliseconds: number | undefined): Date | null {
  const instant = new Date(milliseconds ?? Number.NaN);
  return Number.isNaN(instant.getTime()) ? null : instant;
}
