import { z } from 'zod';
import { BuildStatus } from '../db/generated/prisma/enums.ts';
import { count, instant, list, RepositoryInput, uuid } from '../domain/fields.ts';
import { name, text } from '../domain/text.ts';

/** What an upload belongs to: a build that is there, or enough to make one. */
export const UploadTarget = z.object({
  buildId: uuid.nullish(),
  repository: RepositoryInput.nullish(),
  jobName: name().nullish(),
  number: count.nullish(),
  buildUrl: text(2048).nullish(),
  status: z.enum(BuildStatus).nullish(),
  startedAt: instant.nullish(),
  branch: text().nullish(),
  commitSha: text(128).nullish(),
  treeSha: text(128).nullish(),
  source: text(128).nullish(),
  tags: list(text(), 100).nullish(),
});
export type UploadTarget = z.input<typeof UploadTarget>;
