import type { ServiceContext } from '../context.ts';
import { hasFailed } from '../db/outcome-rules.ts';
import { join, type Sql, sql, verbatim } from '../db/sql.ts';
import {
  compareOutcomes,
  type Comparison,
  type ComparisonStatus,
  type Pair,
} from '../domain/compare-outcomes.ts';
import { decodeCursor, encodeCursor } from '../domain/cursor.ts';
import { ValidationError } from '../errors.ts';
import { type Asked, equals, type RepositoryFilter, type TimeRange } from './conditions.ts';
import { ofRepository } from './of-repository.ts';
import { requireFirst } from './require-first.ts';
import type { Page } from './pages.ts';
import { onDays, wholeDays } from './whole-days.ts';

/** Results of a branch or commit that are looked at, the latest first. */
const mostComparedResults = 200_000;

/** Which results are one side: all conditions hold. */
export type ComparisonSide = Asked<{ branch: string; commitSha: string; window: TimeRange }>;

export interface CompareTestsQuestion {
  readonly repository: Asked<RepositoryFilter>;
  readonly base: ComparisonSide;
  readonly sample: ComparisonSide;
  /** Only verdicts of these; all when absent. */
  readonly status?: readonly ComparisonStatus[] | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export interface ComparedTest extends Comparison, Pair {
  readonly testCaseId: string;
}

export interface ComparedTests extends Page<ComparedTest> {
  /** False when a side has more results than are looked at. */
  readonly isComplete: boolean;
}

const cursorOf = { list: 'ComparedTest', order: 'ADJUSTED_P_VALUE' };

/**
 * Compares the pass rates of all tests of a repository between two sides, those that differ most surely first: by
 * adjusted p-value, then by test. Sides that are only times are read from the counts of days; of a branch or commit up
 * to 200,000 results a side are read.
 *
 * @throws {ValidationError} for a side without a condition, a page size, a cursor or a time that breaks a rule
 */
export async function compareTests(
  ctx: ServiceContext,
  question: CompareTestsQuestion,
): Promise<ComparedTests> {
  const size = requireFirst(question.first);
  const after = placeOf(question.after);
  const { rows, isComplete } = await count(ctx, question);
  const comparisons = compareOutcomes(rows);
  const wanted = question.status;
  const sorted = rows
    .flatMap((row, index): ComparedTest[] => {
      const comparison = comparisons[index];
      return comparison === undefined ? [] : [{ ...row, ...comparison }];
    })
    .filter(({ status }) => wanted?.includes(status) ?? true)
    .sort(inOrder);
  const rest = after === null ? sorted : sorted.filter((test) => inOrder(after, test) < 0);
  return {
    edges: rest.slice(0, size).map((node) => ({ node, cursor: cursorAt(node) })),
    totalCount: sorted.length,
    hasNextPage: rest.length > size,
    hasPreviousPage: rest.length < sorted.length,
    isComplete,
  };
}

type Place = Pick<ComparedTest, 'adjustedPValue' | 'testCaseId'>;

/** What was not tested stands last, with those that are 1. */
function inOrder(a: Place, b: Place): number {
  const [left, right] = [a.adjustedPValue ?? 1, b.adjustedPValue ?? 1];
  if (left !== right) return left - right;
  return a.testCaseId < b.testCaseId ? -1 : Number(a.testCaseId > b.testCaseId);
}

function cursorAt({ adjustedPValue, testCaseId }: Place): string {
  return encodeCursor(cursorOf.list, cursorOf.order, [String(adjustedPValue ?? 1), testCaseId]);
}

function placeOf(after: string | null | undefined): Place | null {
  if (after == null) return null;
  const place = decodeCursor('after', after, { ...cursorOf, types: ['text', 'text'] });
  const [pValue = '', testCaseId = ''] = place;
  const adjustedPValue = Number(pValue);
  if (pValue === '' || Number.isNaN(adjustedPValue)) {
    const message = 'holds a value that is none of this list';
    throw new ValidationError([{ path: ['after'], message }]);
  }
  return { adjustedPValue, testCaseId };
}

interface Counted {
  readonly testCaseId: string;
  readonly basePassed: number;
  readonly baseFailed: number;
  readonly samplePassed: number;
  readonly sampleFailed: number;
}

interface Answer {
  readonly looked: readonly (number | null)[];
  readonly tests: readonly Counted[] | null;
}

async function count(
  ctx: ServiceContext,
  { repository, base, sample }: CompareTestsQuestion,
): Promise<{
  readonly rows: (Pair & { readonly testCaseId: string })[];
  readonly isComplete: boolean;
}> {
  const [before, after] = [
    sideOf(ctx, repository, base, 'base'),
    sideOf(ctx, repository, sample, 'sample'),
  ];
  const figures = (['base', 'sample'] as const).map((side) =>
    verbatim(
      `coalesce(${side}.passed, 0) AS "${side}Passed", coalesce(${side}.failed, 0) AS "${side}Failed"`,
    ),
  );
  const [answer] = await ctx.db.read<Answer>(sql`WITH base AS (${before}), sample AS (${after})
    SELECT ARRAY[(SELECT max(looked) FROM base), (SELECT max(looked) FROM sample)]::int[] AS looked, (
      SELECT json_agg(test) FROM (
        SELECT test_case_id AS "testCaseId", ${join(figures)}
        FROM base FULL JOIN sample USING (test_case_id)) test
      WHERE "basePassed" + "baseFailed" + "samplePassed" + "sampleFailed" > 0) AS tests`);
  if (answer === undefined) throw new Error('a comparison of tests gave no row');
  return {
    rows: (answer.tests ?? []).map((test) => ({
      testCaseId: test.testCaseId,
      base: { passed: test.basePassed, failed: test.baseFailed },
      sample: { passed: test.samplePassed, failed: test.sampleFailed },
    })),
    isComplete: answer.looked.every((looked) => (looked ?? 0) < mostComparedResults),
  };
}

function within({ from, to }: { readonly from: Date; readonly to: Date }): Sql[] {
  return [sql`t.recorded_at >= ${from}::timestamptz AND t.recorded_at < ${to}::timestamptz`];
}

/** What passed and failed of each test, results under a guard left out, as a select; `looked` is how many results were gone through. */
function sideOf(
  { tenant: { organizationId }, now }: ServiceContext,
  repository: Asked<RepositoryFilter>,
  { branch, commitSha, window }: ComparisonSide,
  argument: string,
): Sql {
  const path = [argument, 'window'];
  const own = ofRepository(organizationId, repository);
  if (branch == null && commitSha == null) {
    if (window == null) {
      const message = 'must say a branch, a commit or a time';
      throw new ValidationError([{ path: [argument], message }]);
    }
    const days = wholeDays(window, now(), path);
    const guarded = [...own, sql`t.guard IS NOT NULL`, ...within(days)];
    return sql`SELECT test_case_id, sum(passed)::int AS passed, sum(failed)::int AS failed, 0 AS looked FROM (
        SELECT t.test_case_id, t.passed, t.failed + t.errored AS failed
        FROM test_days t WHERE ${join([...own, onDays(sql`t.day`, days)], ' AND ')}
        UNION ALL SELECT t.test_case_id, -(t.status = 'PASSED')::int, -(${hasFailed('t')})::int
        FROM test_results t WHERE ${join(guarded, ' AND ')}) counted
      GROUP BY 1`;
  }
  // A commit is found by its index, whenever it ran.
  const days = commitSha != null && window == null ? null : wholeDays(window, now(), path);
  const found = [...own, ...equals('commitSha', commitSha), ...(days === null ? [] : within(days))];
  const kept = join([sql`t.guard IS NULL`, ...equals('branch', branch)], ' AND ');
  return sql`SELECT t.test_case_id, count(*) FILTER (WHERE ${kept} AND t.status = 'PASSED')::int AS passed,
      count(*) FILTER (WHERE ${kept} AND ${hasFailed('t')})::int AS failed,
      max(t.looked)::int AS looked
    FROM (SELECT *, count(*) OVER () AS looked FROM (
      SELECT t.test_case_id, t.branch, t.status, t.guard FROM test_results t WHERE ${join(found, ' AND ')}
      ORDER BY t.recorded_at DESC, t.id DESC LIMIT ${verbatim(String(mostComparedResults))}) t) t
    GROUP BY 1`;
}
