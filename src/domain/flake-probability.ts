import { betaQuantile } from './beta-distribution.ts';

/** What a test is taken for before anything is known: one failure of good code in a hundred runs, held weakly. */
export const prior = { failures: 0.5, passes: 49.5 } as const;

/** An estimate, and the interval that holds the true value with a probability of 90 %. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Gives the probability that a test fails on code that is good: the posterior Beta(0.5 + disruptions, 49.5 + passes). A
 * pass proves the code good; a failure counts once the same code passed, and not at all before.
 */
export function flakeProbability(disruptions: number, passes: number): Estimate {
  const failures = prior.failures + disruptions;
  const successes = prior.passes + passes;
  return {
    mean: failures / (failures + successes),
    low: betaQuantile(0.05, failures, successes),
    high: betaQuantile(0.95, failures, successes),
  };
}
