import type { ObjectRef } from '@pothos/core';
import type { Figures, Statistics } from '../../analytics/statistics-figures.ts';
import type { StatisticsInterval } from '../../analytics/statistics-window.ts';
import { sketchPercentileMs, sketchSize } from '../../domain/duration-sketch.ts';
import { changeRatio } from '../../domain/success-rate.ts';
import { ValidationError } from '../../errors.ts';
import { builder } from '../builder.ts';
import type { Arg } from '../common-args.ts';
import type { ObjectFields, Types } from '../fields.ts';

const StatisticsIntervalRef = builder.enumType('StatisticsInterval', {
  description: 'Length of the parts of a window that figures are given for.',
  values: {
    HOUR: { description: 'An hour.' },
    DAY: { description: 'A day of the time zone: 23 to 25 hours where clocks change.' },
    WEEK: { description: 'A week of the time zone, from Monday.' },
    MONTH: { description: 'A month of the time zone.' },
  } satisfies Record<StatisticsInterval, { description: string }>,
});

const StatisticsWindow = builder.inputType('StatisticsWindow', {
  description:
    'The time that statistics are of: `days`, or `from` and `to`, 400 days at most. It is widened to whole quarters of an hour, for a single test to whole days (UTC).',
  fields: (t) => ({
    days: t.int({
      description: 'So many days of the time zone up to now, today included: 1 to 400.',
    }),
    from: t.field({ type: 'DateTime', description: 'The first instant that belongs to it.' }),
    to: t.field({
      type: 'DateTime',
      description: 'The first instant that no longer belongs to it.',
    }),
  }),
});

/** Which time to count, in which parts. */
export function windowArgs(arg: Arg) {
  return {
    window: arg({
      type: StatisticsWindow,
      description: 'Which time; the last 30 days when absent.',
    }),
    interval: arg({
      type: StatisticsIntervalRef,
      required: true,
      defaultValue: 'DAY',
      description: 'The parts of the window that `intervals` has; 1,000 at most.',
    }),
  };
}

/** The same, in a time zone. */
export function timeArgs(arg: Arg) {
  return {
    ...windowArgs(arg),
    timeZone: arg.string({
      required: true,
      defaultValue: 'UTC',
      description: 'Where days, weeks and months begin, e.g. `Europe/Berlin`.',
    }),
  };
}

interface Percentile {
  readonly percent: number;
  readonly ms: number;
}

const PercentileRef = builder.objectRef<Percentile>('DurationPercentile').implement({
  description: 'A time that a share of all times does not exceed.',
  fields: (t) => ({
    percent: t.exposeFloat('percent', { description: 'The share in per cent, as asked.' }),
    ms: t.exposeFloat('ms', {
      description:
        'The smallest time that so many per cent of all do not exceed (nearest rank), in milliseconds: from a histogram, with a relative error of 2 % at most.',
    }),
  }),
});

/**
 * A field with percentiles of times.
 *
 * @param what which times, for the description
 */
export function percentilesField(
  t: ObjectFields<Figures>,
  which: 'durations' | 'queue',
  what: string,
) {
  return t.field({
    type: [PercentileRef],
    description: `Percentiles of ${what}, in the order asked; empty where there are none.`,
    args: {
      percents: t.arg.floatList({
        required: true,
        defaultValue: [50, 95, 99],
        description: 'Which, in per cent: up to 20 numbers from 0 to 100.',
      }),
    },
    resolve: (figures, { percents }) =>
      requirePercents(percents).flatMap((percent) => {
        const ms = sketchPercentileMs(figures[which], percent);
        return ms === null ? [] : [{ percent, ms }];
      }),
  });
}

function requirePercents(percents: readonly number[]): readonly number[] {
  if (percents.length <= 20 && percents.every((each) => each >= 0 && each <= 100)) return percents;
  throw new ValidationError([
    { path: ['percents'], message: 'must be up to 20 numbers from 0 to 100' },
  ]);
}

/** The mean of the times that are known, in milliseconds; null without any. */
export function meanMs({ durationMs, durations }: Figures): number | null {
  const count = sketchSize(durations);
  return count === 0 ? null : durationMs / count;
}

/** The times of figures. */
export function timeFields(t: ObjectFields<Figures>) {
  return {
    from: t.expose('from', { type: 'DateTime', description: 'The first instant they are of.' }),
    to: t.expose('to', { type: 'DateTime', description: 'The first instant after.' }),
  };
}

/** How many counts of these statuses there are. */
export function countOf({ counts }: Figures, ...statuses: readonly string[]): number {
  return statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}

/** All counts together. */
export function countAll({ counts }: Figures): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Figures of a window, of its intervals, and of the window before. */
export function windowFields(
  t: ObjectFields<Statistics>,
  figures: ObjectRef<Types, Figures>,
  change: ObjectRef<Types, Statistics>,
) {
  return {
    dataAvailableFrom: t.expose('dataAvailableFrom', {
      type: 'DateTime',
      nullable: true,
      description:
        'Start of the earliest interval with data, to 15 minutes (of a single test to a day). Zeros before it mean that there is no data. Null without any data.',
    }),
    total: t.expose('total', { type: figures, description: 'Of the whole window.' }),
    previous: t.expose('previous', {
      type: figures,
      description: 'Of the window just before, which is as long.',
    }),
    change: t.field({
      type: change,
      description: 'From `previous` to `total`.',
      resolve: (statistics) => statistics,
    }),
    intervals: t.field({
      type: [figures],
      description:
        'Of each interval in the order of time, without gaps. The first and the last are cut to the window, so that they add up to `total`.',
      resolve: ({ intervals }) => [...intervals],
    }),
  };
}

/** By how much a figure changed from the window before: a field. */
export function changeField(
  t: ObjectFields<Statistics>,
  name: string,
  of: (figures: Figures) => number | null,
) {
  return t.float({
    nullable: true,
    description: `Of \`${name}\`: (\`total\` - \`previous\`) / \`previous\`; null where either is null, and where \`previous\` is 0.`,
    resolve: ({ previous, total }) => changeRatio(of(previous), of(total)),
  });
}
