import { shiftIntervalPlace } from './mann-whitney.ts';

/** How far one set of values lies above another. */
export interface Shift {
  /** Median of all differences. */
  readonly estimate: number;
  /** Ends of its 95 % interval. */
  readonly lower: number;
  readonly upper: number;
}

/** How far the bisection goes: an error that no clock shows. */
const precision = 1e-13;

/**
 * Gives the shift of `sample` against `base` (Hodges and Lehmann, 1963) with the interval that belongs to the test of
 * Mann and Whitney. Each order statistic of the n m differences is found by bisection in O(n + m) steps a round, not by
 * sorting them; absolute error 1e-13 of the range of the values.
 *
 * @throws {RangeError} when either is empty
 */
export function hodgesLehmann(base: readonly number[], sample: readonly number[]): Shift {
  if (base.length === 0 || sample.length === 0) throw new RangeError('a shift needs two sides');
  const below = [...base].sort((a, b) => a - b);
  const above = [...sample].sort((a, b) => a - b);
  const pairs = below.length * above.length;
  const place = shiftIntervalPlace(below.length, above.length);
  const [left, right] = [Math.ceil(pairs / 2), Math.floor(pairs / 2) + 1];
  const middle = differenceAt(below, above, left);
  return {
    estimate: left === right ? middle : (middle + differenceAt(below, above, right)) / 2,
    lower: differenceAt(below, above, place),
    upper: differenceAt(below, above, pairs + 1 - place),
  };
}

/** The difference of the place, from 1, in the order of all; both sides are sorted. */
function differenceAt(below: readonly number[], above: readonly number[], place: number): number {
  let low = (above[0] ?? 0) - (below.at(-1) ?? 0);
  let high = (above.at(-1) ?? 0) - (below[0] ?? 0);
  if (countUpTo(below, above, low) >= place) return low;
  const enough = (high - low) * precision;
  while (high - low > enough) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (countUpTo(below, above, middle) >= place) high = middle;
    else low = middle;
  }
  return high;
}

/** How many differences are at most `limit`. */
function countUpTo(below: readonly number[], above: readonly number[], limit: number): number {
  let count = 0;
  let largest = 0; // so many of the other side are large enough
  for (let index = above.length - 1; index >= 0; index -= 1) {
    const value = above[index] ?? 0;
    // The smaller the value of the one, the smaller may that of the other be: walked once in all.
    while (largest < below.length && value - (below[below.length - 1 - largest] ?? 0) <= limit) {
      largest += 1;
    }
    count += largest;
  }
  return count;
}
