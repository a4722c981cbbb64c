import { storableText } from './text.ts';

/** What nests deeper than this is left out: Postgres and JSON.stringify both have an end to their stack. */
const deepest = 100;

/**
 * Gives JSON that Postgres can store, which holds neither U+0000 nor lone surrogates in JSON either. What nests more
 * than 100 deep is null.
 */
export function storableJson(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return null;
  if (Array.isArray(value)) return value.map((inner) => storableJson(inner, depth + 1));
  const entries = Object.entries(value).map(([key, inner]) => [
    storableText(key),
    storableJson(inner, depth + 1),
  ]);
  return Object.fromEntries(entries) as unknown;
}
