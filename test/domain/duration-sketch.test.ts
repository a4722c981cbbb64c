import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  type DurationSketch,
  mergeSketches,
  sketchPercentileMs,
  sketchSize,
} from '../../src/domain/duration-sketch.ts';
import { testDatabase } from '../support/test-database.ts';

const growth = 1.02 / 0.98;
const durationsUs = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 2, max: 10_000_000_000 })),
  { minLength: 1, maxLength: 300 },
);

function sketchOf(values: readonly number[]): DurationSketch {
  return mergeSketches(
    values.map((us) => ({
      buckets: [Math.ceil(Math.log(Math.max(1, us)) / Math.log(growth))],
      counts: [1],
    })),
  );
}

function exactMs(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return (sorted[Math.max(0, Math.ceil((percent * values.length) / 100) - 1)] ?? 0) / 1_000;
}

test('a percentile is within 2 % of the exact one by nearest rank', () => {
  fc.assert(
    fc.property(durationsUs, fc.integer({ min: 0, max: 100 }), (values, percent) => {
      const told = sketchPercentileMs(sketchOf(values), percent) ?? Number.NaN;

      const exact = exactMs(values, percent);
      expect(Math.abs(told - exact)).toBeLessThanOrEqual(Math.max(0.001, exact * 0.020_000_1));
    }),
    { numRuns: 500 },
  );
});

test('sketches merged are the sketch of all values', () => {
  fc.assert(
    fc.property(durationsUs, durationsUs, (one, other) => {
      expect(mergeSketches([sketchOf(one), sketchOf(other)])).toEqual(sketchOf([...one, ...other]));
    }),
  );
});

test('nothing has no percentiles', () => {
  const nothing = mergeSketches([]);

  expect(sketchSize(nothing)).toBe(0);
  expect(sketchPercentileMs(nothing, 50)).toBeNull();
});

let pool: Awaited<ReturnType<typeof testDatabase>>['pool'];
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

test('Postgres puts times into buckets whose value is within 2 %', async () => {
  const times = [0, 1, 2, 3, 999, 1_000, 60_000_000, 9_007_199_254_740_991_000n];

  const { rows } = await pool.query<{ us: string; bucket: number; told: number }>(
    `SELECT us, duration_bucket(us) AS bucket, bucket_duration(duration_bucket(us)) AS told
     FROM unnest($1::bigint[]) AS us`,
    [times.map(String)],
  );

  expect(rows).toHaveLength(times.length);
  for (const { us, bucket, told } of rows) {
    const ms = sketchPercentileMs({ buckets: [bucket], counts: [1] }, 50) ?? Number.NaN;
    expect(Math.abs(ms * 1_000 - Number(us))).toBeLessThanOrEqual(Math.max(1, Number(us) * 0.02));
    expect(bucket === 0 ? 0 : told).toBeCloseTo(ms * 1_000, -12);
  }
});
