import type { Figures, Statistics } from '../../analytics/statistics-figures.ts';
import { builder } from '../builder.ts';
import {
  changeField,
  countAll,
  countOf,
  percentilesField,
  timeFields,
  windowFields,
} from './statistics.ts';

function passRate(figures: Figures): number | null {
  const all = countOf(figures, 'PASSED', 'FAILED', 'ERRORED');
  return all === 0 ? null : countOf(figures, 'PASSED') / all;
}

function meanMs(figures: Figures): number | null {
  const ran = countAll(figures) - countOf(figures, 'SKIPPED');
  return ran === 0 ? null : figures.durationMs / ran;
}

const TestFiguresRef = builder.objectRef<Figures>('TestFigures').implement({
  description: 'Results of some time, counted. Every attempt counts.',
  fields: (t) => ({
    ...timeFields(t),
    count: t.int({ description: 'All results.', resolve: countAll }),
    passed: t.int({
      description: 'Passed.',
      resolve: (figures) => countOf(figures, 'PASSED'),
    }),
    failed: t.int({
      description: 'Failed: an assertion did not hold.',
      resolve: (figures) => countOf(figures, 'FAILED'),
    }),
    errored: t.int({
      description: 'Broke off.',
      resolve: (figures) => countOf(figures, 'ERRORED'),
    }),
    skipped: t.int({
      description: 'Not run.',
      resolve: (figures) => countOf(figures, 'SKIPPED'),
    }),
    other: t.int({
      description: 'Of a status this version does not know.',
      resolve: (figures) => countOf(figures, 'OTHER'),
    }),
    passRate: t.float({
      nullable: true,
      description: '`passed / (passed + failed + errored)`, from 0 to 1; null without any.',
      resolve: passRate,
    }),
    meanDurationMs: t.float({
      nullable: true,
      description:
        'Run time of all results that were not skipped / their number, in milliseconds; a result without a time counts as 0. Null without any.',
      resolve: meanMs,
    }),
    durationPercentiles: percentilesField(t, 'durations', 'the run times of results that passed'),
  }),
});

const TestChangeRef = builder.objectRef<Statistics>('TestStatisticsChange').implement({
  description: 'By how much figures changed from the window before, which is as long.',
  fields: (t) => ({
    count: changeField(t, 'count', countAll),
    passRate: changeField(t, 'passRate', passRate),
    meanDurationMs: changeField(t, 'meanDurationMs', meanMs),
  }),
});

export const TestStatisticsRef = builder.objectRef<Statistics>('TestStatistics').implement({
  description:
    'Results of a window, counted. From totals that follow what is stored within a second or so; see `analyticsLag`.',
  fields: (t) => windowFields(t, TestFiguresRef, TestChangeRef),
});
