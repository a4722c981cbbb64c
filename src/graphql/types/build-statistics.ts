import type { FoundCosts, Figures, Statistics } from '../../analytics/statistics-figures.ts';
import { successRate } from '../../domain/success-rate.ts';
import { builder } from '../builder.ts';
import type { ObjectFields } from '../fields.ts';
import {
  changeField,
  countAll,
  countOf,
  meanMs,
  percentilesField,
  timeFields,
  windowFields,
} from './statistics.ts';
import { dayMs } from '../../domain/time.ts';

/** Fields of what builds and stages have in common. */
function runFields(t: ObjectFields<Figures>, what: 'builds' | 'stages') {
  const count = (description: string, ...statuses: string[]) =>
    t.int({ description, resolve: (figures) => countOf(figures, ...statuses) });
  return {
    ...timeFields(t),
    count: t.int({ description: `All ${what} that began then.`, resolve: countAll }),
    success: count('All went well.', 'SUCCESS'),
    failure: count('Something failed.', 'FAILURE'),
    unstable: count('Ran through, with failing tests or allowed failures.', 'UNSTABLE'),
    aborted: count('Cancelled or interrupted.', 'ABORTED'),
    notRun: count('Skipped before they began.', 'NOT_BUILT', 'SKIPPED'),
    unfinished: count('Queued or still running.', 'QUEUED', 'IN_PROGRESS'),
    other: count('Of a status this version does not know.', 'OTHER'),
    successRate: t.float({
      nullable: true,
      description:
        '`success / (success + failure + unstable)`, from 0 to 1: what was cancelled, has not run or has not ended counts for nothing. Null without any of the three.',
      resolve: ({ counts }) => successRate(counts),
    }),
    meanDurationMs: t.float({
      nullable: true,
      description: `Mean run time in milliseconds of ${what} that ended with success, failure or unstable, and have one; null without any.`,
      resolve: meanMs,
    }),
    durationPercentiles: percentilesField(
      t,
      'durations',
      `the run times of ${what} that ended with success, failure or unstable`,
    ),
    queuePercentiles: percentilesField(t, 'queue', `the times that ${what} waited for an agent`),
  };
}

function perDay(figures: Figures): number {
  const days = (figures.to.getTime() - figures.from.getTime()) / dayMs;
  return days === 0 ? 0 : countAll(figures) / days;
}

function meanRecoveryMs({ recoveryCount, recoveryMs }: Figures): number | null {
  return recoveryCount === 0 ? null : recoveryMs / recoveryCount;
}

const BuildFiguresRef = builder.objectRef<Figures>('BuildFigures').implement({
  description: 'Builds that began in some time, to a quarter of an hour, counted.',
  fields: (t) => ({
    ...runFields(t, 'builds'),
    buildsPerDay: t.float({
      description: 'Throughput: `count` / length of the time in days of 24 hours.',
      resolve: perDay,
    }),
    recoveryCount: t.exposeInt('recoveryCount', {
      description:
        'How often a job broke on the default branch (`main` or `master` until it is known) and recovered: a build failed or was unstable where the last one before had not, and a later one succeeded. Counted where it broke.',
    }),
    meanTimeToRecoveryMs: t.float({
      nullable: true,
      description:
        'MTTR: mean time from the end of the first build that failed to the end of the next success of the job on that branch, in milliseconds, over `recoveryCount`. Null without any, and for builds without a repository.',
      resolve: meanRecoveryMs,
    }),
  }),
});

const BuildChangeRef = builder.objectRef<Statistics>('BuildStatisticsChange').implement({
  description: 'By how much figures changed from the window before, which is as long.',
  fields: (t) => ({
    count: changeField(t, 'count', countAll),
    successRate: changeField(t, 'successRate', ({ counts }) => successRate(counts)),
    meanDurationMs: changeField(t, 'meanDurationMs', meanMs),
    meanTimeToRecoveryMs: changeField(t, 'meanTimeToRecoveryMs', meanRecoveryMs),
  }),
});

const CostsRef = builder.objectRef<FoundCosts>('BuildCosts').implement({
  description:
    'What builds cost: minutes of run time at the highest price of any label of the agent.',
  fields: (t) => ({
    currency: t.exposeString('currency', { description: 'Three letters (ISO 4217).' }),
    total: t.exposeFloat('total', {
      description: 'Of all builds of the window that have a price.',
    }),
    wasted: t.exposeFloat('wasted', {
      description:
        'Cost of failed and unstable builds with at least one disruption; each build counts once.',
    }),
    unpricedDurationMs: t.exposeFloat('unpricedMs', {
      description: 'Run time of builds on agents without a price, in milliseconds.',
    }),
  }),
});

export const BuildStatisticsRef = builder.objectRef<Statistics>('BuildStatistics').implement({
  description:
    'Builds of a window, counted. From totals that follow what is stored within a second or so; see `analyticsLag`.',
  fields: (t) => ({
    ...windowFields(t, BuildFiguresRef, BuildChangeRef),
    cost: t.expose('costs', {
      type: CostsRef,
      nullable: true,
      description:
        'What they cost; null until prices are set (`setRunnerPrices`), and for builds without a repository.',
    }),
  }),
});

const StageFiguresRef = builder.objectRef<Figures>('StageFigures').implement({
  description: 'Stages of builds that began in some time, to a quarter of an hour, counted.',
  fields: (t) => runFields(t, 'stages'),
});

const StageChangeRef = builder.objectRef<Statistics>('StageStatisticsChange').implement({
  description: 'By how much figures changed from the window before, which is as long.',
  fields: (t) => ({
    count: changeField(t, 'count', countAll),
    successRate: changeField(t, 'successRate', ({ counts }) => successRate(counts)),
    meanDurationMs: changeField(t, 'meanDurationMs', meanMs),
  }),
});

/** Fields of statistics of stages. */
export function stageStatisticsFields(t: ObjectFields<Statistics>) {
  return windowFields(t, StageFiguresRef, StageChangeRef);
}
