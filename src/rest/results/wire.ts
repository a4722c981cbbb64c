import { z } from '@hono/zod-openapi';
import { BuildStatus } from '../../db/generated/prisma/enums.ts';
import { ValidationError } from '../../errors.ts';
import { reportFormats } from '../../formats/report-formats.ts';
import type { UploadTestReportsInput } from '../../ingest/upload-test-reports.ts';

/** Repository of uploads that do not name one (Contract: buildbutler.md 7.7: nothing identifies a build). */
const nameless = { owner: 'upload', name: 'unknown' };

const text = z.string().optional();
const words = z
  .string()
  .transform((list) => list.split(',').flatMap((word) => word.trim() || []))
  .optional();

/** A word of an enum in any letter case, `-` for `_`. */
function word<const Words extends readonly [string, ...string[]]>(values: Words) {
  return z
    .string()
    .transform((value) => value.toUpperCase().replaceAll('-', '_'))
    .pipe(z.enum(values))
    .optional();
}

const statuses = Object.values(BuildStatus) as [BuildStatus, ...BuildStatus[]]; // is not empty

/** What the query and the form's fields may say. */
export const WireTarget = z.object({
  repository: z
    .string()
    .regex(/^.+\/[^/]+$/, { error: 'must be owner/name' })
    .optional(),
  buildId: text,
  job: text,
  number: z.coerce.number({ error: 'must be a whole number' }).optional(),
  buildUrl: text,
  status: word(statuses),
  startedAt: z.iso
    .datetime({ offset: true, error: 'must be an ISO 8601 instant' })
    .transform((at) => new Date(at))
    .optional(),
  branch: text,
  commitSha: text,
  treeSha: text,
  source: text,
  tags: words,
  format: word(reportFormats),
  variant: text,
  variantFrom: words,
});

/**
 * Reads what an upload belongs to from the query and the form's fields; the fields win. Empty ones count as absent, as
 * shells leave them.
 *
 * @throws {ValidationError} naming each field that cannot be read
 */
export function readTarget(
  query: Readonly<Record<string, string>>,
  fields: ReadonlyMap<string, string>,
): UploadTestReportsInput {
  const said = Object.entries({ ...query, ...Object.fromEntries(fields) });
  const parsed = WireTarget.safeParse(
    Object.fromEntries(said.filter(([, value]) => value.trim() !== '')),
  );
  if (!parsed.success) {
    throw new ValidationError(
      parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), message })),
    );
  }
  const { repository, job, buildId, ...target } = parsed.data;
  return {
    ...target,
    buildId,
    jobName: job,
    repository: repository === undefined ? named(buildId) : split(repository),
  };
}

function named(buildId: string | undefined): typeof nameless | null {
  return buildId === undefined ? nameless : null;
}

function split(repository: string): { owner: string; name: string } {
  const slash = repository.lastIndexOf('/');
  return { owner: repository.slice(0, slash), name: repository.slice(slash + 1) };
}
