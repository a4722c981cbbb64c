import type { FlakyCounts } from '../../analytics/flaky-scores.ts';
import type { FlakyDay } from '../../analytics/flaky-history.ts';
import type { RepositoryFlakiness } from '../../analytics/flaky-scores-of-repository.ts';
import { disruptiveness } from '../../domain/disruptiveness.ts';
import { type Estimate, flakeProbability } from '../../domain/flake-probability.ts';
import { flipRate } from '../../domain/flip-rate.ts';
import { builder } from '../builder.ts';

export const ScoreWindow = builder.inputType('ScoreWindow', {
  description:
    'The time over which scores are counted: `days`, or `from` and `to`. Windows that begin and end at midnight (UTC) cost least.',
  fields: (t) => ({
    days: t.int({ description: 'So many days (UTC), today included: 1 to 400. 14 when absent.' }),
    from: t.field({ type: 'DateTime', description: 'The first instant that belongs to it.' }),
    to: t.field({
      type: 'DateTime',
      description: 'The first instant that no longer belongs to it.',
    }),
  }),
});

export const windowDescription = 'Over which time to count; the last 14 days (UTC) when absent.';

const EstimateRef = builder.objectRef<Estimate>('Estimate').implement({
  description: 'An estimate, and how far to trust it.',
  fields: (t) => ({
    mean: t.exposeFloat('mean', { description: 'The mean of the posterior distribution.' }),
    low: t.exposeFloat('low', { description: 'Its 5 % quantile.' }),
    high: t.exposeFloat('high', { description: 'Its 95 % quantile.' }),
  }),
});

export const FlakyScoresRef = builder.objectRef<FlakyCounts>('FlakyScores').implement({
  description:
    'How a test did in a window. A disruption is a failure or error on a code state, or within a run, in which the test passed as well; evidence may be older or younger than the window, the failure itself lies in it. Rates are from 0 to 1.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      description: 'The first instant of the window.',
      resolve: ({ from }) => new Date(from),
    }),
    to: t.field({
      type: 'DateTime',
      description: 'The first instant after the window.',
      resolve: ({ to }) => new Date(to),
    }),
    disruptiveness: t.float({
      nullable: true,
      description: '`disruptionCount` / `resultCount`; null without results.',
      resolve: (counts) => disruptiveness(counts.disruptionCount, resultsOf(counts)),
    }),
    flipRate: t.float({
      nullable: true,
      description:
        '`transitionCount` / (`resultCount` - 1): how often the outcome changes from one result to the next, of how often it could; null with fewer than two results.',
      resolve: (counts) => flipRate(counts.transitionCount, resultsOf(counts)),
    }),
    failureRate: t.float({
      nullable: true,
      description: 'Failures and errors / `resultCount`; null without results.',
      resolve: (counts) => share(counts.failedCount, counts),
    }),
    passRate: t.float({
      nullable: true,
      description: 'Passes / `resultCount`; null without results.',
      resolve: (counts) => share(counts.passedCount, counts),
    }),
    flakeProbability: t.field({
      type: EstimateRef,
      description:
        'Probability that it fails on code that is good, with a 90 % interval: the posterior Beta(0.5 + disruptions, 49.5 + passes), whose mean is (0.5 + disruptions) / (50 + disruptions + passes). The prior is one failure in a hundred, as sure as 50 runs. A pass proves the code good; a failure is a hint that counts once the same code has passed.',
      resolve: ({ disruptionCount, passedCount }) => flakeProbability(disruptionCount, passedCount),
    }),
    resultCount: t.int({
      description: 'Results that passed, failed or broke. Skipped ones do not count.',
      resolve: resultsOf,
    }),
    passedCount: t.exposeInt('passedCount', { description: 'Results that passed.' }),
    failedCount: t.exposeInt('failedCount', { description: 'Results that failed or broke.' }),
    disruptionCount: t.exposeInt('disruptionCount', { description: 'Disruptions.' }),
    transitionCount: t.exposeInt('transitionCount', {
      description:
        'Neighbouring results, by time, attempt and id, of which one passed and the other did not.',
    }),
    firstDisruptionAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Time of the earliest disruption of the window.',
      resolve: ({ firstDisruptionAt }) => toDate(firstDisruptionAt),
    }),
    lastDisruptionAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Time of the latest disruption of the window.',
      resolve: ({ lastDisruptionAt }) => toDate(lastDisruptionAt),
    }),
    resultTimeMs: t.float({
      description: 'Run time of all its results but skipped ones, in milliseconds.',
      resolve: ({ resultTimeUs }) => resultTimeUs / 1000,
    }),
    averageDurationMs: t.float({
      nullable: true,
      description:
        '`resultTimeMs` / number of results that were not skipped, in milliseconds; null without any.',
      resolve: (counts) => average(counts),
    }),
    buildTimeMs: t.exposeFloat('buildTimeMs', {
      description:
        'Its share of the run time of builds that it helped to fail, in milliseconds: the sum of run time / number of tests with disruptions, over builds that ended in FAILURE or UNSTABLE and in which it had a disruption. Each build is shared out once.',
    }),
    buildsBroken: t.exposeInt('buildsBroken', {
      description: 'Number of these builds.',
    }),
  }),
});

function resultsOf({ passedCount, failedCount }: FlakyCounts): number {
  return passedCount + failedCount;
}

function share(part: number, counts: FlakyCounts): number | null {
  const whole = resultsOf(counts);
  return whole === 0 ? null : part / whole;
}

function average(counts: FlakyCounts): number | null {
  const count = resultsOf(counts) + counts.otherCount;
  return count === 0 ? null : counts.resultTimeUs / 1000 / count;
}

function toDate(instant: string | null): Date | null {
  return instant === null ? null : new Date(instant);
}

export const FlakyDayRef = builder.objectRef<FlakyDay>('FlakyDay').implement({
  description: 'What became of a test on one day (UTC).',
  fields: (t) => ({
    day: t.field({
      type: 'DateTime',
      description: 'The midnight (UTC) with which it begins.',
      resolve: ({ day }) => new Date(`${day}T00:00:00Z`),
    }),
    passedCount: t.exposeInt('passedCount', { description: 'Results that passed.' }),
    failedCount: t.exposeInt('failedCount', { description: 'Results that failed or broke.' }),
    skippedCount: t.exposeInt('skippedCount', { description: 'Results that were skipped.' }),
    otherCount: t.exposeInt('otherCount', {
      description: 'Results whose outcome this version does not know.',
    }),
    disruptionCount: t.exposeInt('disruptionCount', {
      description: 'Failures that were no fault of the code.',
    }),
  }),
});

export const RepositoryFlakinessRef = builder
  .objectRef<RepositoryFlakiness>('RepositoryFlakiness')
  .implement({
    description:
      'What flaky tests cost a repository in a window. Builds that share a web page are one build, and so are submissions without a build that name one page.',
    fields: (t) => ({
      from: t.field({
        type: 'DateTime',
        description: 'The first instant of the window.',
        resolve: ({ from }) => new Date(from),
      }),
      to: t.field({
        type: 'DateTime',
        description: 'The first instant after the window.',
        resolve: ({ to }) => new Date(to),
      }),
      percent: t.float({
        nullable: true,
        description: '`disruptedBuildCount` / `buildCount` × 100; null without builds.',
        resolve: ({ buildCount, disruptedBuildCount }) =>
          buildCount === 0 ? null : (disruptedBuildCount / buildCount) * 100,
      }),
      buildCount: t.exposeInt('buildCount', {
        description: 'Builds that began in the window and have test results.',
      }),
      disruptedBuildCount: t.exposeInt('disruptedBuildCount', {
        description: 'Those of them in which a test had a disruption.',
      }),
      disruptionCount: t.exposeInt('disruptionCount', {
        description: 'Disruptions of all tests whose failure lies in the window.',
      }),
      timeLostMs: t.exposeFloat('timeLostMs', {
        description:
          'Run time of the disrupted builds that ended in FAILURE or UNSTABLE, in milliseconds; each counts once.',
      }),
      flakyCount: t.exposeInt('flakyCount', { description: 'Tests that are FLAKY now.' }),
      brokenCount: t.exposeInt('brokenCount', { description: 'Tests that are BROKEN now.' }),
    }),
  });
