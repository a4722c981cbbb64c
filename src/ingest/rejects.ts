import type { z } from 'zod';
import { storableText } from '../domain/text.ts';

/** One item of a list that was not stored, and why. The others were. */
export interface Reject {
  /** Position in the list that was sent, from 0. */
  readonly index: number;
  /** Name of the item, if it has one. */
  readonly name: string | null;
  /** Where in the input the problem stands, e.g. `input`, `results`, `3`, `durationUs`. */
  readonly path: readonly string[];
  readonly reason: string;
}

export interface Sorted<Item> {
  readonly accepted: readonly { readonly index: number; readonly item: Item }[];
  readonly rejected: readonly Reject[];
}

/** Parses each item by itself, so that one that breaks a rule does not take the others with it. */
export function sortItems<Schema extends z.ZodType>(
  schema: Schema,
  items: readonly unknown[],
  root: readonly string[],
  /** Says what else is wrong with a parsed item: the field and the reason. */
  refuse: (item: z.output<Schema>) => { field: string; reason: string } | null = () => null,
): Sorted<z.output<Schema>> {
  const accepted: { index: number; item: z.output<Schema> }[] = [];
  const rejected: Reject[] = [];
  items.forEach((raw, index) => {
    const at = { index, name: nameOf(raw) };
    const place = [...root, String(index)];
    const parsed = schema.safeParse(raw);
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues.slice(0, 1)) {
        rejected.push({ ...at, path: [...place, ...path.map(String)], reason: message });
      }
      return;
    }
    const refusal = refuse(parsed.data);
    if (refusal === null) accepted.push({ index, item: parsed.data });
    else rejected.push({ ...at, path: [...place, refusal.field], reason: refusal.reason });
  });
  return { accepted, rejected };
}

/** What people know the item by: its name, or the label of a target. */
function nameOf(raw: unknown): string | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const named: { readonly name?: unknown; readonly label?: unknown } = raw;
  const name = named.name ?? named.label;
  return typeof name === 'string' ? storableText(name.slice(0, 512)) : null;
}
