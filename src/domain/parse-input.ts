import type { z } from 'zod';
import { type InputIssue, ValidationError } from '../errors.ts';

/**
 * Gives the parsed input.
 *
 * @param also what is wrong with it beside its schema; reported together
 * @throws {ValidationError} naming every field that breaks its rule, with its path from `input` down
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  also: readonly InputIssue[] = [],
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success && also.length === 0) return result.data;

  const issues = result.error?.issues ?? [];
  throw new ValidationError([
    ...issues.map(({ path, message }) => ({ path: ['input', ...path.map(String)], message })),
    ...also,
  ]);
}
