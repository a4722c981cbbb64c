import type { z } from 'zod';
import { objectId } from '../domain/object-id.ts';
import { normaliseSourcePath } from '../domain/source-path.ts';
import { foldIdentity, type TestIdentity, testCaseId } from '../domain/test-identity.ts';
import type { ResultParents } from './find-parents.ts';
import type { TestResultInput } from './test-result-input.ts';

type Result = z.output<typeof TestResultInput>;

/** An attempt as it was read. */
export interface ReadResult {
  /** Which file of the request it comes from; 0 when there is but one. */
  readonly file: number;
  readonly result: Result;
}

/** A test case as a report names it, its volatile parts folded. */
export interface IdentifiedTestCase extends TestIdentity {
  readonly id: string;
  /** Time of its earliest result in this batch. */
  firstSeenAt: Date;
}

/** An attempt with its id. */
export interface IdentifiedResult extends ReadResult {
  readonly id: string;
  readonly testCaseId: string;
  readonly attempt: number;
  readonly recordedAt: Date;
}

export interface IdentifiedResults {
  readonly testCases: readonly IdentifiedTestCase[];
  /** Each id once. */
  readonly results: readonly IdentifiedResult[];
}

/**
 * Gives every attempt the id that follows from the payload alone: sent again it meets its own row, whatever names
 * the repository folds by then. Its test case is the folded one.
 */
export function identifyResults(
  parents: ResultParents,
  results: readonly ReadResult[],
): IdentifiedResults {
  const testCases = new Map<string, IdentifiedTestCase>();
  const identified = new Map<string, IdentifiedResult>();
  const mentions = new Map<string, number>();
  const { repositoryId, nameFolding } = parents;

  for (const { file, result } of results) {
    const recordedAt = result.recordedAt ?? parents.recordedAt;
    const reported = identityOf(result);
    const reportedId = testCaseId(repositoryId, reported);
    const identity = foldIdentity(reported, nameFolding);
    const id = identity === reported ? reportedId : testCaseId(repositoryId, identity);
    const known = testCases.get(id);
    if (known === undefined) testCases.set(id, { id, ...identity, firstSeenAt: recordedAt });
    else if (recordedAt < known.firstSeenAt) known.firstSeenAt = recordedAt;

    const mention = (mentions.get(reportedId) ?? 0) + 1;
    mentions.set(reportedId, mention);
    const attempt = result.attempt ?? mention;
    // The id begins with the second alone: two results may differ in the rest.
    const instant = String(recordedAt.getTime());
    const content = contentOf(result, attempt);
    const resultId = objectId(recordedAt, [parents.identity, reportedId, instant, ...content]);
    if (identified.has(resultId)) continue;
    const attempted = { id: resultId, testCaseId: id, attempt, recordedAt, file, result };
    identified.set(resultId, attempted);
  }
  return { testCases: [...testCases.values()], results: [...identified.values()] };
}

/** What the report names, its path in one spelling. */
function identityOf({ suite, className, name, file, variant }: Result): TestIdentity {
  return {
    suite: suite ?? '',
    className: className ?? '',
    name,
    file: normaliseSourcePath(file ?? ''),
    variant: variant ?? '',
  };
}

/** Shards of one build may run the same test: what tells their attempts apart is how they went. */
function contentOf(
  { status, durationUs, message, stackTrace }: Result,
  attempt: number,
): readonly string[] {
  const content = [String(attempt), status, String(durationUs ?? ''), message ?? ''];
  return stackTrace ? [...content, stackTrace] : content;
}
