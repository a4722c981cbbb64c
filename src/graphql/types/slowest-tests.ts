import {
  slowestTests,
  type SlowestTestsOrder,
  type TestDurations,
} from '../../analytics/slowest-tests.ts';
import { builder } from '../builder.ts';
import { afterArg, firstArg, repositoryArg, repositoryNamed } from '../common-args.ts';
import { toConnection } from '../connection.ts';
import { TimeRange } from '../fields.ts';
import { related } from '../related.ts';
import { TestCaseRef } from './test-case.ts';

const percentile = (percent: number): string =>
  `Run time that ${String(percent)} % of the runs that passed do not exceed, in milliseconds (nearest rank): from a histogram, with a relative error of 2 % at most. Null when none passed and has a time.`;

const TestDurationsRef = builder.objectRef<TestDurations>('TestDurations').implement({
  description: 'How long the runs of a test took.',
  fields: (t) => ({
    testCase: t.field({
      type: TestCaseRef,
      description: 'The test.',
      ...related<TestDurations, 'TestCase'>('TestCase', 'testCaseId'),
    }),
    runCount: t.exposeInt('runCount', { description: 'Runs that were not skipped.' }),
    totalMs: t.exposeFloat('totalMs', {
      description: 'Run times of all of them together, in milliseconds.',
    }),
    meanMs: t.exposeFloat('meanMs', {
      description: '`totalMs / runCount`, in milliseconds; a run without a time counts as 0.',
    }),
    p50Ms: t.exposeFloat('p50Ms', { nullable: true, description: percentile(50) }),
    p95Ms: t.exposeFloat('p95Ms', { nullable: true, description: percentile(95) }),
    p99Ms: t.exposeFloat('p99Ms', { nullable: true, description: percentile(99) }),
  }),
});

const TestDurationsConnection = builder.connectionObject(
  {
    type: TestDurationsRef,
    name: 'TestDurationsConnection',
    description: 'A page of run times of tests.',
  },
  { name: 'TestDurationsEdge', description: 'Run times of a test and their place in the list.' },
);

const SlowestTestsOrderRef = builder.enumType('SlowestTestsOrder', {
  description: 'What makes a test slow.',
  values: {
    TOTAL: { description: 'The time of all its runs together: what it costs.' },
    P95: { description: 'The 95th percentile of its run times: how long it may keep you waiting.' },
    MEAN: { description: 'The mean of its run times.' },
  } satisfies Record<SlowestTestsOrder, { description: string }>,
});

builder.queryField('slowestTests', (t) =>
  t.field({
    type: TestDurationsConnection,
    description:
      'The tests of a repository that took longest, longest first; the `databaseId` of the test decides between equals. Tests without any run time are left out. Answered from counts of days: it says what the analytics know so far.',
    args: {
      repository: repositoryArg(t.arg),
      window: t.arg({
        type: TimeRange,
        description:
          'Runs of the days (UTC) that this time touches, 366 at most; of today and the 29 days before when absent.',
      }),
      orderBy: t.arg({
        type: SlowestTestsOrderRef,
        required: true,
        defaultValue: 'TOTAL',
        description: 'What to sort by, the largest first.',
      }),
      first: firstArg(t.arg),
      after: afterArg(t.arg),
    },
    resolve: async (_root, { repository, ...question }, ctx) =>
      toConnection(
        await slowestTests(ctx, { ...question, repository: repositoryNamed(repository) }),
      ),
  }),
);
