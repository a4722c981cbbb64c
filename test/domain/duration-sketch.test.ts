import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  type DurationSketch,
  mergeSketches,
  sketchPercentileMs,
  sketchSize,
} from '../../src/domain/duration-sketch.ts';
import { testDatabase } from '../support/test-database.ts';

const durationsUs = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 2, max: 10_000_000_000 })),
  { minLength: 1, maxLength: 300 },
);

let pool: Awaited<ReturnType<typeof testDatabase>>['pool'];
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

/** The sketch of values, of the buckets that Postgres puts them into. */
async function sketchOf(values: readonly number[]): Promise<DurationSketch> {
  const { rows } = await pool.query<{ bucket: number }>(
    'SELECT duration_bucket(us) AS bucket FROM unnest($1::bigint[]) AS us',
    [values],
  );
  return mergeSketches(rows.map(({ bucket }) => ({ buckets: [bucket], counts: [1] })));
}

function exactMs(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return (sorted[Math.max(0, Math.ceil((percent * values.length) / 100) - 1)] ?? 0) / 1_000;
}

test('a percentile is within 2 % of the exact one by nearest rank', async () => {
  await fc.assert(
    fc.asyncProperty(durationsUs, fc.integer({ min: 0, max: 100 }), async (values, percent) => {
      const told = sketchPercentileMs(await sketchOf(values), percent) ?? Number.NaN;

      const exact = exactMs(values, percent);
      expect(Math.abs(told - exact)).toBeLessThanOrEqual(Math.max(0.001, exact * 0.020_000_1));
    }),
    { numRuns: 500 },
  );
});

test('sketches merged are the sketch of all values', async () => {
  await fc.assert(
    fc.asyncProperty(durationsUs, durationsUs, async (one, other) => {
      const merged = mergeSketches([await sketchOf(one), await sketchOf(other)]);

      expect(merged).toEqual(await sketchOf([...one, ...other]));
    }),
  );
});

test('nothing has no percentiles', () => {
  const nothing = mergeSketches([]);

  expect(sketchSize(nothing)).toBe(0);
  expect(sketchPercentileMs(nothing, 50)).toBeNull();
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
    expect(Math.abs(told - ms * 1_000)).toBeLessThanOrEqual(Math.max(1, told * 1e-9));
  }
});
