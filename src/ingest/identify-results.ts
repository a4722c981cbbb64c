import type { z } from 'zod';
import { hashId, objectId } from '../domain/object-id.ts';
import type { ResultParents } from './find-parents.ts';
import type { TestResultInput } from './test-result-input.ts';

/** A test case as a report names it. Its id follows from repository, suite, class, name, file and variant. */
export interface IdentifiedTestCase {
  readonly id: string;
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  readonly file: string;
  readonly variant: string;
  /** Time of its earliest result in this request. */
  firstSeenAt: Date;
}

/** An attempt with its id. */
export interface IdentifiedResult {
  readonly id: string;
  readonly testCaseId: string;
  readonly attempt: number;
  readonly recordedAt: Date;
  readonly result: z.output<typeof TestResultInput>;
}

export interface IdentifiedResults {
  /** Sorted by id: transactions that write the same rows do it in the same order. */
  readonly testCases: readonly IdentifiedTestCase[];
  /** Sorted by time and id, each id once. */
  readonly results: readonly IdentifiedResult[];
}

/** Gives every test case and attempt the id that follows from the payload alone. */
export function identifyResults(
  parents: ResultParents,
  results: readonly z.output<typeof TestResultInput>[],
): IdentifiedResults {
  const testCases = new Map<string, IdentifiedTestCase>();
  const identified = new Map<string, IdentifiedResult>();
  const mentions = new Map<string, number>();
  const parent = parentName(parents);

  for (const result of results) {
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
    const id = objectId(recordedAt, [parent, testCase.id, instant, ...content]);
    identified.set(id, { id, testCaseId: testCase.id, attempt, recordedAt, result });
  }
  return {
    testCases: [...testCases.values()].sort((a, b) => compare(a.id, b.id)),
    results: [...identified.values()].sort((a, b) => compare(a.id, b.id)),
  };
}

function testCaseOf(
  repositoryId: string,
  { suite, className, name, file, variant }: z.output<typeof TestResultInput>,
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

function parentName({ submission, invocation, build }: ResultParents): string {
  if (submission !== null) return `submission ${submission.id}`;
  if (invocation !== null) return `invocation ${invocation.id}`;
  return `build ${build?.id ?? ''}`;
}

/** Shards of one build may run the same test: what tells their attempts apart is how they went. */
function contentOf(result: z.output<typeof TestResultInput>, attempt: number): string[] {
  const { status, durationUs, message } = result;
  return [String(attempt), status, String(durationUs ?? ''), message ?? ''];
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
