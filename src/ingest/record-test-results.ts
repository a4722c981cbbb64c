import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { inTransaction, type Queryable } from '../db/sql.ts';
import { RepositoryInput, uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { text } from '../domain/text.ts';
import { isInFuture } from '../domain/time.ts';
import { ValidationError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { findParents, type ResultParents } from './find-parents.ts';
import { identifyResults } from './identify-results.ts';
import { type Reject, sortItems } from './rejects.ts';
import { rowsInPlace } from './result-source.ts';
import { takeParents } from './take-parents.ts';
import { TestResultInput } from './test-result-input.ts';
import { writeTestResults } from './write-test-results.ts';

const maxResultsPerRequest = 20_000;

const RecordTestResultsInput = z.object({
  buildId: uuid.nullish(),
  submissionId: text(24).nullish(),
  invocationId: uuid.nullish(),
  repository: RepositoryInput.nullish(),
  branch: text().nullish(),
  commitSha: text(128).nullish(),
  treeSha: text(128).nullish(),
  results: z.array(z.unknown()).max(maxResultsPerRequest, {
    error: `must be at most ${String(maxResultsPerRequest)} results; send the rest in another request`,
  }),
});
export type RecordTestResultsInput = Omit<z.input<typeof RecordTestResultsInput>, 'results'> & {
  readonly results: readonly TestResultInput[];
};

export interface RecordedTestResults {
  readonly parents: ResultParents;
  /** Results stored by this request. */
  readonly accepted: number;
  /** Results that were stored before, by this request or an earlier one. */
  readonly duplicates: number;
  readonly rejected: readonly Reject[];
}

/**
 * Stores attempts of tests that belong to a build, a submission or an invocation. An attempt is
 * recognised by its parent, test, attempt number, outcome, duration, message and stack trace: sent again it is
 * stored once. Without an attempt number, the first mention of a test in the request is attempt 1, the next 2.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if a parent is not there
 * @throws {ValidationError} if the request is not of its shape, or has no parent or repository;
 *   a single bad result is a reject instead
 */
export async function recordTestResults(
  ctx: ServiceContext,
  input: RecordTestResultsInput,
): Promise<RecordedTestResults> {
  requireCapability(ctx.tenant, 'INGEST');
  const { results, ...target } = parseInput(RecordTestResultsInput, input);
  if (target.buildId == null && target.submissionId == null && target.invocationId == null) {
    throw new ValidationError([
      { path: ['input'], message: 'needs a buildId, a submissionId or an invocationId' },
    ]);
  }
  const now = ctx.now();
  const { accepted, rejected } = sortItems(
    TestResultInput,
    results,
    ['input', 'results'],
    ({ recordedAt }) =>
      recordedAt != null && isInFuture(now, recordedAt)
        ? { field: 'recordedAt', reason: 'is more than a day in the future' }
        : null,
  );
  const items = accepted.map(({ item }) => item);
  // Both before the transaction: making a partition waits for others, and must hold nothing they need.
  const found = await findParents(ctx.db.pool, ctx.tenant.organizationId, target);
  await ctx.db.partitions.ensure([
    found.recordedAt,
    ...items.flatMap(({ recordedAt }) => recordedAt ?? []),
  ]);
  if (items.length === 0) return { parents: found, accepted: 0, duplicates: 0, rejected };

  return inTransaction(ctx.db.pool, async (tx) => {
    const parents = await takeParents(tx, target, found);
    const accepted = await store(tx, parents, items);
    return { parents, accepted, duplicates: items.length - accepted, rejected };
  });
}

async function store(
  tx: Queryable,
  parents: ResultParents,
  items: readonly z.output<typeof TestResultInput>[],
): Promise<number> {
  const identified = identifyResults(
    parents,
    items.map((result) => ({ file: 0, result })),
  );
  const written = await writeTestResults(tx, parents, rowsInPlace(identified, 1));
  return written.get(0) ?? 0;
}
