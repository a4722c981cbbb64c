import type { ServiceContext } from '../context.ts';
import { fieldsOf, selectList } from '../db/columns.ts';
import type { NameFoldingRule, TestCase } from '../db/generated/prisma/client.ts';
import { empty, sql, verbatim } from '../db/sql.ts';
import { foldIdentity, type TestIdentity } from '../domain/test-identity.ts';
import { ValidationError } from '../errors.ts';
import { maxPageSize } from './page-request.ts';

/** How much is looked at: names may be long, so their characters count too. */
const most = { testCases: 20_000, characters: 10_000_000, atOnce: 1_000, examples: 5 } as const;

/** Test cases that would be one. */
export interface FoldedGroup {
  readonly identity: TestIdentity;
  readonly testCaseCount: number;
  /** The first five, those first seen last first. */
  readonly examples: readonly TestCase[];
}

export interface NameFoldingPreview {
  /** The largest first. */
  readonly groups: readonly FoldedGroup[];
  /** Of all groups, those that are not given too. */
  readonly groupCount: number;
  readonly scannedCount: number;
  /** False when the repository has more test cases than were looked at. */
  readonly isComplete: boolean;
}

export interface NameFoldingQuestion {
  readonly repositoryId: string;
  readonly rules: readonly NameFoldingRule[];
  /** How many groups to give, 0 to 100. */
  readonly first: number;
}

/**
 * Says which test cases of a repository would be named otherwise if the rules were set, and which of them would be
 * one. Looks at up to 20,000, those first seen last: volatile names are always new ones. Stores nothing. Of a
 * repository that is not there nothing is found.
 *
 * @throws {ValidationError} for a `first` below 0 or above 100
 */
export async function nameFoldingPreview(
  ctx: ServiceContext,
  { repositoryId, rules, first }: NameFoldingQuestion,
): Promise<NameFoldingPreview> {
  if (first < 0 || first > maxPageSize) {
    const message = `must be from 0 to ${String(maxPageSize)}, not ${String(first)}`;
    throw new ValidationError([{ path: ['first'], message }]);
  }
  const groups = new Map<string, Group>();
  let scannedCount = 0;
  let characters = 0;
  let last: TestCase | undefined;
  for (;;) {
    const testCases = await testCasesAfter(ctx, repositoryId, last);
    for (const testCase of testCases) {
      characters += sizeOf(testCase);
      addTo(groups, testCase, rules);
    }
    last = testCases.at(-1);
    scannedCount += testCases.length;
    if (testCases.length < most.atOnce)
      return answer(groups, { first, scannedCount, isComplete: true });
    if (scannedCount >= most.testCases || characters >= most.characters) break;
  }
  const [further] = await testCasesAfter(ctx, repositoryId, last);
  return answer(groups, { first, scannedCount, isComplete: further === undefined });
}

interface Group {
  readonly identity: TestIdentity;
  readonly examples: TestCase[];
  testCaseCount: number;
  /** A test case that nothing is folded of is a group by itself, unless others become like it. */
  isFolded: boolean;
}

function addTo(
  groups: Map<string, Group>,
  testCase: TestCase,
  rules: readonly NameFoldingRule[],
): void {
  const identity = foldIdentity<TestIdentity>(testCase, rules);
  const { suite, className, name, file, variant } = identity;
  const key = JSON.stringify([suite, className, name, file, variant]);
  const group = groups.get(key) ?? { identity, examples: [], testCaseCount: 0, isFolded: false };
  groups.set(key, group);
  group.testCaseCount += 1;
  group.isFolded ||= identity !== testCase;
  if (group.examples.length < most.examples) group.examples.push(testCase);
}

function answer(
  groups: ReadonlyMap<string, Group>,
  {
    first,
    ...scan
  }: Pick<NameFoldingPreview, 'scannedCount' | 'isComplete'> & { readonly first: number },
): NameFoldingPreview {
  const folded = [...groups.values()].filter(({ isFolded }) => isFolded);
  const largest = folded.sort((a, b) => b.testCaseCount - a.testCaseCount);
  return { ...scan, groups: largest.slice(0, first), groupCount: folded.length };
}

function testCasesAfter(
  { db, tenant }: ServiceContext,
  repositoryId: string,
  last: TestCase | undefined,
): Promise<TestCase[]> {
  const after = last
    ? sql`AND (t.first_seen_at, t.id) < (${last.firstSeenAt}::timestamptz, ${last.id}::text)`
    : empty;
  return db.read<TestCase>(
    sql`SELECT ${selectList(fieldsOf('TestCase'))} FROM test_cases t
      WHERE t.organization_id = ${tenant.organizationId}::uuid AND t.repository_id = ${repositoryId}::uuid ${after}
      ORDER BY t.first_seen_at DESC, t.id DESC LIMIT ${verbatim(String(most.atOnce))}`,
  );
}

function sizeOf({ suite, className, name, file }: TestCase): number {
  return suite.length + className.length + name.length + file.length;
}
