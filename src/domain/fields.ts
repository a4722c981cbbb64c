import { z } from 'zod';
import { name, text } from './text.ts';

/** Fields that several inputs share. Doors pass null for what is not there. */
export const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { error: 'must be a UUID' })
  .transform((value) => value.toLowerCase());

/** Whole number from 0, safe in JSON: milliseconds, microseconds, counts. */
export const count = z
  .number()
  .int({ error: 'must be a whole number' })
  .min(0, { error: 'must not be negative' })
  .max(Number.MAX_SAFE_INTEGER);

/** Instant that fits an object id: from 1970 to 2106. */
export const instant = z
  .date()
  .min(new Date(0), { error: 'must not be before 1970' })
  .max(new Date('2106-01-01T00:00:00Z'), { error: 'must be before 2106' });

/** At most `max` entries. */
export function list<Item extends z.ZodType>(item: Item, max: number): z.ZodArray<Item> {
  return z.array(item).max(max, { error: `must be at most ${String(max)} entries` });
}

/** At most this many characters of a property's name. */
export const longestPropertyName = 256;

/** Names and values, at most `max` of them. */
export function properties(max: number): z.ZodType<Record<string, string>> {
  return z
    .record(text(longestPropertyName), text(10_000))
    .refine((named) => Object.keys(named).length <= max, {
      error: `must be at most ${String(max)} entries`,
    });
}

/** A repository as whoever mentions it names it; it comes into being at the first mention. */
export const RepositoryInput = z.object({
  owner: name(256),
  name: name(256),
  provider: text(64).nullish(),
  defaultBranch: text().nullish(),
  url: text(2048).nullish(),
});
export type RepositoryInput = z.input<typeof RepositoryInput>;
