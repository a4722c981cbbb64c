/**
 * Lays what is said now over what is known: a field that is absent or null now keeps its value.
 * Of a stale message (an older attempt, `in progress` after the end) only the gaps are filled.
 */
export function mergeKnown<Row extends object>(
  known: Row,
  said: Partial<Row>,
  stale: boolean,
): Row {
  const merged = { ...known };
  for (const [field, value] of Object.entries(said) as [keyof Row, Row[keyof Row]][]) {
    if (value == null) continue;
    if (stale && !isGap(known[field])) continue;
    merged[field] = value;
  }
  return merged;
}

/** Nothing is known: null, or a list or an object without entries. */
function isGap(value: unknown): boolean {
  if (value == null) return true;
  return typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0;
}
