import { z } from 'zod';

const replacement = '\uFFFD';

/**
 * Gives text that Postgres can store: U+0000 and lone surrogates become U+FFFD, the rest stays
 * (Contract: buildbutler.md 7.3).
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', replacement);
}

/**
 * Text of at most `max` characters. 512 is the most for what stands in an index: with four bytes each
 * they stay below Postgres' limit of 2,704 bytes for an index row.
 */
export function text(max = 512): z.ZodType<string, string> {
  return z
    .string()
    .max(max, { error: `must be at most ${String(max)} characters` })
    .transform(storableText);
}

/** Like `text`, and not empty. */
export function name(max = 512): z.ZodType<string, string> {
  return z
    .string()
    .min(1, { error: 'must not be empty' })
    .max(max, { error: `must be at most ${String(max)} characters` })
    .transform(storableText);
}

/** At most this many characters of a message or a stack trace. */
export const maxLongText = 1_000_000;
