import { z } from 'zod';
import { list } from '../domain/fields.ts';
import { longestTag, mostTags } from '../domain/tags.ts';
import { storableText, text } from '../domain/text.ts';

const tag = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(longestTag, { error: `must be at most ${String(longestTag)} characters` })
  .transform(storableText);

/** Tests and what is said of all of them. */
export const TagTestInput = z.object({
  testCaseIds: z
    .array(text(24))
    .min(1, { error: 'must name at least one test case' })
    .max(100, { error: 'must be at most 100 test cases; tag the rest in another request' }),
  tags: list(tag, mostTags).min(1, { error: 'must name at least one tag' }),
});
export type TagTestInput = z.input<typeof TagTestInput>;
