import type { z } from '@hono/zod-openapi';
import { type InputIssue, TooLargeError, ValidationError } from '../../errors.ts';

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
  throw new ValidationError(toIssues(parsed.error));
}

/** What a list of a body is called, and the most items that are read of it. */
export interface ListRule {
  readonly field: string;
  readonly most: number;
}

/**
 * Gives what a schema makes of each item of a list. It is not read on after a few bad ones: a list of millions would
 * have a problem for each.
 *
 * @throws {TooLargeError} when it has too many items
 * @throws {ValidationError} naming the first fields that break their rule
 */
export function readEach<Schema extends z.ZodType>(
  schema: Schema,
  items: readonly unknown[],
  { field, most }: ListRule,
): z.output<Schema>[] {
  if (items.length > most) {
    throw new TooLargeError(`${field}: more than ${String(most)} in one request`);
  }
  const read: z.output<Schema>[] = [];
  const issues: InputIssue[] = [];
  for (const [index, item] of items.entries()) {
    const parsed = schema.safeParse(item);
    if (parsed.success) read.push(parsed.data);
    else issues.push(...toIssues(parsed.error, [field, String(index)]));
    if (issues.length >= mostIssues) break;
  }
  if (issues.length > 0) throw new ValidationError(issues.slice(0, mostIssues));
  return read;
}

function toIssues({ issues }: z.ZodError, within: readonly string[] = []): InputIssue[] {
  return issues
    .slice(0, mostIssues)
    .map(({ path, message }) => ({ path: [...within, ...path.map(String)], message }));
}
