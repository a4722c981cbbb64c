import {
  type DurationRegression,
  type DurationRegressions,
  durationRegressions,
} from '../../analytics/duration-regressions.ts';
import { builder } from '../builder.ts';
import { firstArg, repositoryArg, repositoryNamed } from '../common-args.ts';
import { TimeRange } from '../fields.ts';
import { related } from '../related.ts';
import { TestCaseRef } from './test-case.ts';

const percent = (factor: number): number => (factor - 1) * 100;

const RegressionRef = builder.objectRef<DurationRegression>('TestDurationRegression').implement({
  description: 'A test that takes longer than before.',
  fields: (t) => ({
    testCase: t.field({
      type: TestCaseRef,
      description: 'The test. A variant of a test is a test of its own.',
      ...related<DurationRegression, 'TestCase'>('TestCase', 'testCaseId'),
    }),
    baseRunCount: t.exposeInt('baseRunCount', {
      description: 'Run times of the base that were compared, from 20 to 200.',
    }),
    sampleRunCount: t.exposeInt('sampleRunCount', {
      description: 'Run times of the sample that were compared, from 20 to 200.',
    }),
    baseMedianMs: t.exposeFloat('baseMedianMs', {
      description: 'Median run time of the base, in milliseconds.',
    }),
    sampleMedianMs: t.exposeFloat('sampleMedianMs', {
      description: 'Median run time of the sample, in milliseconds.',
    }),
    changePercent: t.float({
      description:
        'How much longer it takes, in per cent: 100 (e^d - 1), where d is the median of all differences of logarithms (Hodges and Lehmann).',
      resolve: ({ factor }) => percent(factor),
    }),
    changePercentLower: t.float({
      description: 'Lower end of its 95 % interval, in per cent.',
      resolve: ({ lowerFactor }) => percent(lowerFactor),
    }),
    changePercentUpper: t.float({
      description: 'Upper end of its 95 % interval, in per cent.',
      resolve: ({ upperFactor }) => percent(upperFactor),
    }),
    pValue: t.exposeFloat('pValue', {
      description:
        'p-value of the test of Mann and Whitney whether it takes longer, one-sided: exact for 20 to 25 run times a side without ties, else by the normal approximation, corrected for ties and continuity.',
    }),
    adjustedPValue: t.exposeFloat('adjustedPValue', {
      description:
        'The same, adjusted by Benjamini and Hochberg for all tests that could be compared (`comparedCount`).',
    }),
  }),
});

const RegressionsRef = builder.objectRef<DurationRegressions>('TestDurationRegressions').implement({
  description: 'Tests that take longer than before, and how many were looked at.',
  fields: (t) => ({
    regressions: t.field({
      type: [RegressionRef],
      description: 'The surest slowdown first: by `changePercentLower`.',
      resolve: ({ regressions }) => [...regressions],
    }),
    totalCount: t.exposeInt('totalCount', { description: 'How many there are in all.' }),
    comparedCount: t.exposeInt('comparedCount', {
      description:
        'Tests with 20 passing runs and more that have a time, on both sides, on any branch.',
    }),
    candidateCount: t.exposeInt('candidateCount', {
      description:
        'Those of them of which the 25th, 50th, 75th or 90th percentile rose by 5 % and 50 ms or more, on all branches together and as histograms of days tell it. Run times are read of these alone. So what slowed down on one branch alone may be missed: where that has a tenth of the runs or less, or stays faster than the others.',
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description:
        'False when there are more candidates than the 200 that rose most, which are looked at. It says nothing of what is no candidate.',
    }),
  }),
});

builder.queryField('testDurationRegressions', (t) =>
  t.field({
    type: RegressionsRef,
    description:
      'Tests of a repository that take significantly longer than before, by a test that is robust against outliers. The logarithms of the latest 200 run times of passing runs of each side are compared: the shift of Hodges and Lehmann with its 95 % interval, and the test of Mann and Whitney. A test is reported when the lower end of the interval lies above 10 %, and above 100 ms of the median of the base, each side has 20 run times or more, and its p-value, adjusted for all tests (Benjamini and Hochberg), is 0.05 at most. Of a test with results of many branches the latest 1,000 results of each side are gone through.',
    args: {
      repository: repositoryArg(t.arg),
      base: t.arg({
        type: TimeRange,
        required: true,
        description:
          'What to compare with: the days (UTC) that this time touches, 366 at most. Without `from` 30 days.',
      }),
      sample: t.arg({
        type: TimeRange,
        required: true,
        description:
          'Where to look for slowdowns: the days (UTC) that this time touches, all after those of `base`. Without `to` until now.',
      }),
      branch: t.arg.string({
        description:
          'Only runs of this branch. When absent, of the default branch of the repository; of all when it has none.',
      }),
      first: firstArg(t.arg),
    },
    resolve: (_root, { repository, ...question }, ctx) =>
      durationRegressions(ctx, { ...question, repository: repositoryNamed(repository) }),
  }),
);
