import type { z } from 'zod';
import { ValidationError } from '../errors.ts';

/**
 * Gives the parsed input.
 *
 * @param root where the input stands in what the caller sent, put before every path
 * @throws {ValidationError} naming every field that breaks its rule
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  root: readonly string[] = ['input'],
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;

  throw new ValidationError(
    result.error.issues.map(({ path, message }) => ({
      path: [...root, ...path.map(String)],
      message,
    })),
  );
}
