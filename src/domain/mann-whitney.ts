import { normalTail } from './normal-tail.ts';

/** Up to this many values on each side without ties, all orders are counted. */
const mostForExact = 25;

/** How two sets of values are ordered among each other. */
export interface MannWhitney {
  /** Pairs in which the value of `sample` is the larger one, ties counted half. */
  readonly u: number;
  /** How likely so large a `u` is if both are drawn alike (one-sided). */
  readonly pValue: number;
}

/**
 * Tests whether `sample` tends to larger values than `base` (Mann and Whitney, 1947): exactly for up to 25 values on
 * each side without ties, else by the normal approximation, corrected for ties and continuity.
 */
export function mannWhitney(base: readonly number[], sample: readonly number[]): MannWhitney {
  const { rankSum, ties } = rankSumOf(base, sample);
  const u = rankSum - (sample.length * (sample.length + 1)) / 2;
  if (base.length === 0 || sample.length === 0) return { u, pValue: 1 };
  if (ties === 0 && isSmall(base.length, sample.length)) {
    return { u, pValue: shareAtLeast(rankSumCounts(base.length, sample.length), u) };
  }
  const mean = (base.length * sample.length) / 2;
  const deviation = Math.sqrt(varianceOf(base.length, sample.length, ties));
  return { u, pValue: deviation === 0 ? 1 : normalTail((u - mean - 0.5) / deviation) };
}

/**
 * Gives how many of all differences between two sets of sizes `n` and `m` lie outside each end of a 95 % interval of
 * their shift, and one: the place of its lower end, from 1 (Hollander and Wolfe, Nonparametric Statistical Methods).
 */
export function shiftIntervalPlace(n: number, m: number): number {
  if (isSmall(n, m)) {
    const counts = rankSumCounts(n, m);
    const all = counts.reduce((sum, count) => sum + count, 0);
    let sum = 0;
    const place = counts.findIndex((count) => (sum += count) >= all * 0.025);
    return Math.max(1, place);
  }
  const spread = 1.959_963_984_540_054 * Math.sqrt(varianceOf(n, m, 0));
  return Math.max(1, Math.floor((n * m) / 2 - spread));
}

function isSmall(n: number, m: number): boolean {
  return n <= mostForExact && m <= mostForExact;
}

/** Variance of U; `ties` is the sum of t³ − t over all sets of t equal values. */
function varianceOf(n: number, m: number, ties: number): number {
  const all = n + m;
  if (all < 2) return 0;
  return ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
}

/** Sum of the ranks of `sample` among all values; equal values share the mean of their ranks. */
function rankSumOf(
  base: readonly number[],
  sample: readonly number[],
): { readonly rankSum: number; readonly ties: number } {
  const all = [
    ...base.map((value) => ({ value, ofSample: 0 })),
    ...sample.map((value) => ({ value, ofSample: 1 })),
  ].sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < all.length;) {
    let end = start;
    let ofSample = 0;
    for (; all[end]?.value === all[start]?.value && end < all.length; end += 1) {
      ofSample += all[end]?.ofSample ?? 0;
    }
    const size = end - start;
    rankSum += (ofSample * (start + 1 + end)) / 2;
    ties += size ** 3 - size;
    start = end;
  }
  return { rankSum, ties };
}

function shareAtLeast(counts: readonly number[], u: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.slice(u).reduce((sum, count) => sum + count, 0) / all;
}

/**
 * In how many orders of n and m values each U comes about, for U from 0 to n m: the coefficients of the Gaussian
 * binomial, multiplied out factor by factor.
 */
function rankSumCounts(n: number, m: number): number[] {
  const size = n * m + 1;
  const counts = new Array<number>(size).fill(0);
  counts[0] = 1;
  for (let factor = 1; factor <= n; factor += 1) {
    for (let u = size - 1; u >= m + factor; u -= 1)
      counts[u] = at(counts, u) - at(counts, u - m - factor);
    for (let u = factor; u < size; u += 1) counts[u] = at(counts, u) + at(counts, u - factor);
  }
  return counts;
}

function at(counts: readonly number[], index: number): number {
  return counts[index] ?? 0;
}
