import { z } from 'zod';
import { TestStatus } from '../db/generated/prisma/enums.ts';
import { count, instant, properties } from '../domain/fields.ts';
import { maxLongText, text } from '../domain/text.ts';

/** At most this many properties of a test are kept. */
export const mostProperties = 100;

/** One attempt of one test, as it is sent. */
export const TestResultInput = z.object({
  suite: text(10_000).nullish(),
  className: text(10_000).nullish(),
  name: text(10_000),
  file: text(10_000).nullish(),
  variant: text(512).nullish(),
  status: z.enum(TestStatus),
  statusRaw: text(64).nullish(),
  durationUs: count.nullish(),
  message: text(maxLongText).nullish(),
  stackTrace: text(maxLongText).nullish(),
  failureType: text(10_000).nullish(),
  output: text(maxLongText).nullish(),
  line: count.max(2_147_483_647).nullish(),
  properties: properties(mostProperties).nullish(),
  attempt: count.min(1, { error: 'counts from 1' }).max(1_000_000).nullish(),
  recordedAt: instant.nullish(),
});
export type TestResultInput = z.input<typeof TestResultInput>;
