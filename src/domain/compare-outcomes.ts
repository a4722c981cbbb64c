import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { fisherExact, type Outcomes } from './fisher-exact.ts';

/** What became of a test between base and sample. */
export type ComparisonStatus =
  'REGRESSED' | 'IMPROVED' | 'NEW_FAILING' | 'UNCHANGED' | 'NOT_ENOUGH';

/** The rules, as Component Readiness of openshift/sippy has them. */
const comparisonRules = {
  /** Fewer failures are no ground for a test. */
  leastFailures: 3,
  /** The pass rate must differ by more than one such part: 5 percentage points. */
  pityParts: 20,
  /** Share of false discoveries among what is reported, at most. */
  falseDiscoveryRate: 0.05,
  /** A test without a base must pass at least this share of its runs. */
  newTestPassRate: 0.9,
} as const;

export interface Pair {
  readonly base: Outcomes;
  readonly sample: Outcomes;
}

/** A verdict and what it rests on. */
export interface Comparison {
  readonly status: ComparisonStatus;
  /** Pass rate of the sample less that of the base; null unless both have results. */
  readonly passRateChange: number | null;
  /** Odds of failure in the sample, as a multiple of those in the base, half a result added to each count. */
  readonly oddsRatio: number;
  /** One-sided, in the direction the pass rate went; null when there was nothing to test. */
  readonly pValue: number | null;
  /** The same, adjusted for all tests of that direction. */
  readonly adjustedPValue: number | null;
}

/**
 * Compares pass rates pair by pair, in the order given. Worse and better are two families of hypotheses, each with all
 * pairs that have enough failures on the side that would have more of them, whichever way their rates went.
 */
export function compareOutcomes(pairs: readonly Pair[]): Comparison[] {
  const worse = family(pairs, ({ base, sample }) => [base, sample]);
  const better = family(pairs, ({ base, sample }) => [sample, base]);
  return pairs.map((pair, index) => {
    const change = changeOf(pair);
    const { pValue, adjusted } = ((change ?? 0) > 0 ? better : worse)[index] ?? untested;
    return {
      status: statusOf(pair, change, adjusted),
      passRateChange: change,
      oddsRatio: oddsRatioOf(pair),
      pValue,
      adjustedPValue: adjusted,
    };
  });
}

interface Tested {
  readonly pValue: number | null;
  readonly adjusted: number | null;
}

const untested: Tested = { pValue: null, adjusted: null };

/** Whether the second of two sides fails more often than the first. */
function family(
  pairs: readonly Pair[],
  sides: (pair: Pair) => readonly [Outcomes, Outcomes],
): readonly Tested[] {
  const pValues = pairs.map((pair) => {
    const [fewer, more] = sides(pair);
    const isTested = more.failed >= comparisonRules.leastFailures && runs(fewer) > 0;
    return isTested ? fisherExact(fewer, more) : null;
  });
  const adjusted = benjaminiHochberg(pValues.filter((pValue) => pValue !== null));
  let next = 0;
  return pValues.map((pValue) =>
    pValue === null ? untested : { pValue, adjusted: adjusted[next++] ?? 1 },
  );
}

function statusOf(
  { base, sample }: Pair,
  change: number | null,
  adjusted: number | null,
): ComparisonStatus {
  if (runs(sample) === 0) return 'NOT_ENOUGH';
  if (change === null) return newTestStatus(sample);
  if (isWithinPity(base, sample)) return 'UNCHANGED';
  const failed = change < 0 ? sample.failed : base.failed;
  if (failed < comparisonRules.leastFailures) return 'NOT_ENOUGH';
  if (adjusted === null || adjusted > comparisonRules.falseDiscoveryRate) return 'UNCHANGED';
  return change < 0 ? 'REGRESSED' : 'IMPROVED';
}

function newTestStatus(sample: Outcomes): ComparisonStatus {
  if (sample.passed >= comparisonRules.newTestPassRate * runs(sample)) return 'UNCHANGED';
  return sample.failed < comparisonRules.leastFailures ? 'NOT_ENOUGH' : 'NEW_FAILING';
}

function changeOf({ base, sample }: Pair): number | null {
  if (runs(base) === 0 || runs(sample) === 0) return null;
  return sample.passed / runs(sample) - base.passed / runs(base);
}

/** In whole numbers: a difference of two shares is not exactly 0.05. */
function isWithinPity(base: Outcomes, sample: Outcomes): boolean {
  const difference = sample.passed * runs(base) - base.passed * runs(sample);
  return Math.abs(difference) * comparisonRules.pityParts <= runs(base) * runs(sample);
}

/** Haldane and Anscombe's correction keeps it finite where a count is 0. */
function oddsRatioOf({ base, sample }: Pair): number {
  return (
    ((sample.failed + 0.5) * (base.passed + 0.5)) / ((sample.passed + 0.5) * (base.failed + 0.5))
  );
}

function runs({ failed, passed }: Outcomes): number {
  return failed + passed;
}
