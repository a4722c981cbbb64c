import type { z } from 'zod';
import { hashId, objectId } from '../domain/object-id.ts';
import type { ResultParents } from './find-parents.ts';
import type { TestResultInput } from './test-result-input.ts';

type Result = z.output<typeof TestResultInput>;

/** An attempt as it was read. */
export interface ReadResult {
  /** Which file of the request it comes from; 0 when there is but one. */
  readonly file: number;
  readonly result: Result;
}

/** A test case as a report names it. Its id follows from repository, suite, class, name, file and variant. */
export interface IdentifiedTestCase {
  readonly id: string;
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  readonly file: string;
  readonly variant: string;
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

/** Gives every test case and attempt the id that follows from the payload alone. */
export function identifyResults(
  parents: ResultParents,
  results: readonly ReadResult[],
): IdentifiedResults {
  const testCases = new Map<string, IdentifiedTestCase>();
  const identified = new Map<string, IdentifiedResult>();
  const mentions = new Map<string, number>();

  for (const { file, result } of results) {
    const recordedAt = result.recordedAt ?? parents.recordedAt;
    const testCase = testCaseOf(parents.repositoryId, result, recordedAt);
    const known = testCases.get(testCase.id);
    if (known === undefined) testCases.set(testCase.id, testCase);
    else if (recordedAt < known.firstSeenAt) known.firstSeenAt = recordedAt;

    const mention = (mentions.get(testCase.id) ?? 0) + 1;
    mentions.set(testCase.id, mention);
    const attempt = result.attempt ?? mention;
    // The id begins with the second alone: two results may differ in the rest.
    const instant = String(recordedAt.getTime());
    const content = contentOf(result, attempt);
    const id = objectId(recordedAt, [parents.identity, testCase.id, instant, ...content]);
    if (identified.has(id)) continue;
    identified.set(id, { id, testCaseId: testCase.id, attempt, recordedAt, file, result });
  }
  return { testCases: [...testCases.values()], results: [...identified.values()] };
}

function testCaseOf(
  repositoryId: string,
  { suite, className, name, file, variant }: Result,
  firstSeenAt: Date,
): IdentifiedTestCase {
  const identity = {
    suite: suite ?? '',
    className: className ?? '',
    name,
    file: file ?? '',
    variant: variant ?? '',
  };
  return { id: hashId([repositoryId, ...Object.values(identity)]), ...identity, firstSeenAt };
}

/** Shards of one build may run the same test: what tells their attempts apart is how they went. */
function contentOf({ status, durationUs, message }: Result, attempt: number): string[] {
  return [String(attempt), status, String(durationUs ?? ''), message ?? ''];
}
