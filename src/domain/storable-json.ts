import { storableText } from './text.ts';

/** What nests deeper than this is left out: Postgres and JSON.stringify both have an end to their stack. */
const deepest = 100;

/**
 * Gives JSON that Postgres can store, which holds neither U+0000 nor lone surrogates in JSON either. What nests more
 * than 100 deep is null. What can be stored as it is is not copied: there may be millions of values.
 */
export function storableJson(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return null;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const kept = items.map((inner) => storableJson(inner, depth + 1));
    return kept.every((inner, index) => inner === items[index]) ? value : kept;
  }
  const entries: [string, unknown][] = Object.entries(value);
  const kept = entries.map(([key, inner]): [string, unknown] => [
    storableText(key),
    storableJson(inner, depth + 1),
  ]);
  const isStorable = kept.every(
    ([key, inner], index) => key === entries[index]?.[0] && inner === entries[index][1],
  );
  return isStorable ? value : Object.fromEntries(kept);
}
