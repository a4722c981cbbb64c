import { z } from '@hono/zod-openapi';
import { parseTimestamp } from '../../formats/junit-values.ts';

const uuidText = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Text of whatever a field holds; null for what is not there. Longer text is cut: a field never costs a record. */
export function toText(value: unknown, max: number): string | null {
  if (typeof value === 'string') return value.slice(0, max);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return null;
}

/** A whole number from 0, of a number or of digits; null for anything else. Fractions are rounded. */
function toCount(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) return null;
  return Math.round(Math.min(Math.max(number, 0), Number.MAX_SAFE_INTEGER));
}

/** Optional text. */
export function lenientText(max = 512): z.ZodType<string | null> {
  return z
    .unknown()
    .optional()
    .transform((value) => toText(value, max) || null)
    .openapi({ type: ['string', 'null'], maxLength: max });
}

/** Optional UUID; one that is none is not there. */
export const lenientUuid = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' && uuidText.test(value) ? value : null))
  .openapi({ type: ['string', 'null'], format: 'uuid' });

/** Optional whole number from 0. */
export const lenientCount = z
  .unknown()
  .optional()
  .transform(toCount)
  .openapi({ type: ['integer', 'null'], format: 'int64', minimum: 0 });

/** Milliseconds of a required field, which may be null: of another type they are an error. */
export const milliseconds = numberOrText('must be a number of milliseconds').openapi({
  type: ['integer', 'null'],
  format: 'int64',
  minimum: 0,
});

/** A number of a required field, which may be null. Text that is no number counts as null: some CIs number in words. */
export const wholeNumber = z
  .union([z.number(), z.string(), z.null()], { error: 'must be a whole number' })
  .optional()
  .transform(toCount)
  .openapi({ type: ['integer', 'null'], format: 'int64', minimum: 0 });

/** An instant, ISO 8601 with or without milliseconds, in any zone; null when it is absent or beyond what is stored. */
export const instant = z
  .union([z.string(), z.number(), z.null()], { error: 'must be an ISO 8601 instant' })
  .optional()
  .transform((value, context) => {
    if (value == null || value === '') return null;
    const at = typeof value === 'number' ? new Date(value) : parseTimestamp(value);
    if (at !== null && !Number.isNaN(at.getTime())) return isStorable(at) ? at : null;
    context.addIssue({ code: 'custom', message: 'must be an ISO 8601 instant' });
    return z.NEVER;
  })
  .openapi({ type: ['string', 'null'], format: 'date-time' });

/** The id of a build: the one the gateway answered, or the client's own. */
export const buildId = z
  .string({ error: 'must be the UUID of a build' })
  .trim()
  .regex(uuidText, { error: 'must be the UUID of a build' })
  .transform((id) => id.toLowerCase())
  .openapi({ type: 'string', format: 'uuid' });

function numberOrText(error: string) {
  return z
    .union([z.number(), z.string(), z.null()], { error })
    .optional()
    .transform((value, context) => {
      if (value == null || value === '') return null;
      const count = toCount(value);
      if (count !== null) return count;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    });
}

/** Clients without a clock send the year 1. */
function isStorable(at: Date): boolean {
  return at.getTime() >= 0 && at.getTime() < Date.UTC(2106, 0, 1);
}
