/**
 * A histogram of run times whose buckets grow by 1.02/0.98, so that a value is told with a relative error of 2 % at
 * most (DDSketch, Masson, Rim and Lee, VLDB 2019). Postgres' `duration_bucket` puts times in microseconds into the same
 * buckets; bucket 0 holds all up to a microsecond, and stands for 0.
 */
export interface DurationSketch {
  /** Ascending, each once. */
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
}

const growth = 1.02 / 0.98;

export const emptySketch: DurationSketch = { buckets: [], counts: [] };

/** The sketch of all that the sketches hold. */
export function mergeSketches(sketches: readonly DurationSketch[]): DurationSketch {
  const totals = new Map<number, number>();
  for (const { buckets, counts } of sketches) {
    for (const [index, bucket] of buckets.entries()) {
      totals.set(bucket, (totals.get(bucket) ?? 0) + (counts[index] ?? 0));
    }
  }
  const ordered = [...totals].sort(([one], [other]) => one - other);
  return {
    buckets: ordered.map(([bucket]) => bucket),
    counts: ordered.map(([, count]) => count),
  };
}

/** How many values it holds. */
export function sketchSize({ counts }: DurationSketch): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * The smallest value that `percent` (0 to 100) of all do not exceed, in milliseconds: nearest rank, with a relative
 * error of 2 % at most. Null of nothing.
 */
export function sketchPercentileMs(sketch: DurationSketch, percent: number): number | null {
  const size = sketchSize(sketch);
  if (size === 0) return null;
  const rank = Math.max(1, Math.ceil((percent / 100) * size - size * 1e-12)); // 0.07 * 100 is 7.000000000000001
  let upTo = 0;
  for (const [index, bucket] of sketch.buckets.entries()) {
    upTo += sketch.counts[index] ?? 0;
    if (upTo >= rank) return bucketMs(bucket);
  }
  throw new Error('a rank lies beyond its histogram');
}

function bucketMs(bucket: number): number {
  return bucket === 0 ? 0 : (1.02 * growth ** (bucket - 1)) / 1_000;
}
