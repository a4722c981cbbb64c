/**
 * Lays what is said now over what is known: a field that is absent or null now keeps its value.
 * Of a stale message (an older attempt, `in progress` after the end) only the gaps are filled.
 */
export function mergeKnown<Row extends object>(known: Row, said: Partial<Row>, stale: boolean): Row {
  const merged = { ...known };
  for (const [field, value] of Object.entries(said) as [keyof Row, Row[keyof Row]][]) {
    if (value == null) continue;
    if (stale && known[field] != null) continue;
    merged[field] = value;
  }
  return merged;
}
