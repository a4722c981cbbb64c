import { hodgesLehmann } from './hodges-lehmann.ts';
import { mannWhitney } from './mann-whitney.ts';

/** When run times count as longer. */
export const durationRules = {
  /** Runs that each side needs. */
  leastRuns: 20,
  /** The lower end of the interval must lie above this share of the base … */
  leastShare: 0.1,
  /** … and above this time, in milliseconds. */
  leastMs: 100,
  /** Share of false discoveries among what is reported, at most. */
  falseDiscoveryRate: 0.05,
} as const;

/** How run times moved. Factors are multiples of the base: 1.2 is a fifth longer. */
export interface DurationShift {
  readonly baseMedianMs: number;
  readonly sampleMedianMs: number;
  readonly factor: number;
  /** Ends of its 95 % interval. */
  readonly lowerFactor: number;
  readonly upperFactor: number;
  /** How likely so much longer run times are by chance (one-sided). */
  readonly pValue: number;
}

/**
 * Compares run times in milliseconds, on their logarithms: the shift of Hodges and Lehmann, and the test of Mann and
 * Whitney whether those of `sample` are longer. Null when either side has fewer than 20.
 */
export function durationShift(
  base: readonly number[],
  sample: readonly number[],
): DurationShift | null {
  if (Math.min(base.length, sample.length) < durationRules.leastRuns) return null;
  const [before, after] = [base.map(logOf), sample.map(logOf)];
  const { estimate, lower, upper } = hodgesLehmann(before, after);
  return {
    baseMedianMs: medianOf(base),
    sampleMedianMs: medianOf(sample),
    factor: Math.exp(estimate),
    lowerFactor: Math.exp(lower),
    upperFactor: Math.exp(upper),
    pValue: mannWhitney(before, after).pValue,
  };
}

/** Whether it is surely more than 10 % and 100 ms: its lower end is, of the median of the base. */
export function isNoticeable({ lowerFactor, baseMedianMs }: DurationShift): boolean {
  const share = lowerFactor - 1;
  return share > durationRules.leastShare && share * baseMedianMs > durationRules.leastMs;
}

/** Clocks tell microseconds; a run of none took less than one. */
function logOf(durationMs: number): number {
  return Math.log(Math.max(durationMs, 0.001));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [left, right] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((left ?? 0) + (right ?? 0)) / 2;
}
