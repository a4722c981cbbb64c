import type { z } from '@hono/zod-openapi';
import { ValidationError } from '../../errors.ts';

/** More than this many problems help nobody, and end up in somebody's CI log. */
const mostIssues = 5;

/**
 * Gives what a schema makes of a body.
 *
 * @throws {ValidationError} naming the first fields that break their rule
 */
export function readWith<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ValidationError(
    parsed.error.issues
      .slice(0, mostIssues)
      .map(({ path, message }) => ({ path: path.map(String), message })),
  );
}
