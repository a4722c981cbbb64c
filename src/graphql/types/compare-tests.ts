import {
  type ComparedTest,
  type ComparedTests,
  compareTests,
} from '../../analytics/compare-tests.ts';
import type { ComparisonStatus } from '../../domain/compare-outcomes.ts';
import type { Outcomes } from '../../domain/fisher-exact.ts';
import { builder } from '../builder.ts';
import { afterArg, firstArg, repositoryArg, repositoryNamed } from '../common-args.ts';
import { toConnection } from '../connection.ts';
import { TimeRange } from '../fields.ts';
import { related } from '../related.ts';
import { TestCaseRef } from './test-case.ts';

const StatusRef = builder.enumType('TestComparisonStatus', {
  description:
    'How a test changed. The pass rate is `passed / (passed + failed)`; significantly means an adjusted p-value of 0.05 at most.',
  values: {
    REGRESSED: {
      description:
        'The pass rate fell by more than 5 percentage points, significantly; the sample has 3 failures or more.',
    },
    IMPROVED: {
      description:
        'The pass rate rose by more than 5 percentage points, significantly; the base has 3 failures or more.',
    },
    NEW_FAILING: {
      description:
        'The base has no results; in the sample it fails 3 times or more, and passes less than 90 % of its runs.',
    },
    UNCHANGED: {
      description:
        'The pass rate moved by 5 percentage points at most, or not significantly; or the test is new and passes 90 % of its runs or more.',
    },
    NOT_ENOUGH: {
      description:
        'The pass rate moved by more, but there are fewer than 3 failures to say so with; or the sample has no results.',
    },
  } satisfies Record<ComparisonStatus, { description: string }>,
});

const OutcomesRef = builder.objectRef<Outcomes>('TestOutcomes').implement({
  description: 'How often a test passed and failed. Every attempt counts; skipped ones do not.',
  fields: (t) => ({
    passed: t.exposeInt('passed', { description: 'Results that passed.' }),
    failed: t.exposeInt('failed', { description: 'Results that failed or broke off.' }),
    passRate: t.float({
      nullable: true,
      description: '`passed / (passed + failed)`, from 0 to 1; null without results.',
      resolve: ({ passed, failed }) => (passed + failed === 0 ? null : passed / (passed + failed)),
    }),
  }),
});

const ComparedTestRef = builder.objectRef<ComparedTest>('ComparedTest').implement({
  description: 'A test on both sides of a comparison.',
  fields: (t) => ({
    testCase: t.field({
      type: TestCaseRef,
      description: 'The test.',
      ...related<ComparedTest, 'TestCase'>('TestCase', 'testCaseId'),
    }),
    status: t.expose('status', { type: StatusRef, description: 'How it changed.' }),
    base: t.expose('base', { type: OutcomesRef, description: 'Its results on the base side.' }),
    sample: t.expose('sample', {
      type: OutcomesRef,
      description: 'Its results on the sample side.',
    }),
    passRateChange: t.exposeFloat('passRateChange', {
      nullable: true,
      description:
        '`sample.passRate - base.passRate`, from -1 to 1; null unless both sides have results.',
    }),
    oddsRatio: t.exposeFloat('oddsRatio', {
      description:
        'Odds of failure in the sample as a multiple of those in the base, with half a result added to each count (Haldane and Anscombe): `((sample.failed + 0.5) (base.passed + 0.5)) / ((sample.passed + 0.5) (base.failed + 0.5))`.',
    }),
    pValue: t.exposeFloat('pValue', {
      nullable: true,
      description:
        'p-value of Fisher’s exact test, one-sided in the direction the pass rate went; null where the side that fails more has fewer than 3 failures, or the other no results.',
    }),
    adjustedPValue: t.exposeFloat('adjustedPValue', {
      nullable: true,
      description:
        'The same, adjusted by Benjamini and Hochberg for all tests that could have gone in that direction: of those up to 0.05, 5 % at most are expected to be chance.',
    }),
  }),
});

const ComparedTestsConnection = builder.connectionObject<
  typeof ComparedTestRef,
  Pick<ComparedTests, 'isComplete'>
>(
  {
    type: ComparedTestRef,
    name: 'ComparedTestConnection',
    description: 'A page of compared tests.',
    fields: (t) => ({
      isComplete: t.boolean({
        description:
          'False when a side of a branch or commit has more results than the latest 200,000, which are looked at.',
        resolve: ({ isComplete }) => isComplete,
      }),
    }),
  },
  { name: 'ComparedTestEdge', description: 'A compared test and its place in the list.' },
);

const ComparisonSideInput = builder.inputType('TestComparisonSide', {
  description:
    'Which results are one side of a comparison. At least one condition; all that are given hold.',
  fields: (t) => ({
    branch: t.string({ description: 'Only of this branch.' }),
    commitSha: t.string({ description: 'Only of this commit, by its full SHA.' }),
    window: t.field({
      type: TimeRange,
      description:
        'Only of the days (UTC) that this time touches, 366 at most. When absent: of a commit all days, of a branch today and the 29 days before.',
    }),
  }),
});

builder.queryField('compareTests', (t) =>
  t.field({
    type: ComparedTestsConnection,
    description:
      'Compares the pass rates of all tests of a repository between two branches, commits or times, those with the smallest adjusted p-value first. A test is tested when the side that would fail more has 3 failures or more, by Fisher’s exact test, one-sided; p-values are adjusted for the number of tests (Benjamini and Hochberg), and the pass rate has to move by more than 5 percentage points. The order is that of `adjustedPValue`, nulls as 1, then of the `databaseId` of the test. Each page is worked out anew: results that come in between may move tests from one page to another.',
    args: {
      repository: repositoryArg(t.arg),
      base: t.arg({
        type: ComparisonSideInput,
        required: true,
        description: 'Results to compare with.',
      }),
      sample: t.arg({
        type: ComparisonSideInput,
        required: true,
        description: 'Results to look for changes in.',
      }),
      status: t.arg({
        type: [StatusRef],
        description: 'Only tests of which one of these is true.',
      }),
      first: firstArg(t.arg),
      after: afterArg(t.arg),
    },
    resolve: async (_root, { repository, base, sample, status, first, after }, ctx) => {
      const compared = await compareTests(ctx, {
        repository: repositoryNamed(repository),
        base,
        sample,
        status,
        first,
        after,
      });
      return { ...toConnection(compared), isComplete: compared.isComplete };
    },
  }),
);
