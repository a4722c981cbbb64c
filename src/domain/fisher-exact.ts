import { logGamma } from './log-gamma.ts';

/** How often something failed and passed. */
export interface Outcomes {
  readonly failed: number;
  readonly passed: number;
}

/**
 * Gives the one-sided p-value of Fisher's exact test: how likely `sample` has at least so many of all failures if both
 * fail alike. The first term is found in log space, the others by their ratio, from `sample` away from the mode, so
 * that tables of 100,000 take a few hundred steps; relative error about 1e-9.
 */
export function fisherExact(base: Outcomes, sample: Outcomes): number {
  const drawn = sample.failed + sample.passed;
  const failures = base.failed + sample.failed;
  const total = drawn + base.failed + base.passed;
  const low = Math.max(0, drawn + failures - total);
  const high = Math.min(drawn, failures);
  if (sample.failed <= low) return 1;

  const urn = { drawn, failures, total };
  if (sample.failed * total > drawn * failures) return upperTail(urn, sample.failed, high);
  return Math.max(0, 1 - lowerTail(urn, sample.failed - 1, low));
}

/** `drawn` of `total` results are drawn; `failures` of the total failed. */
interface Urn {
  readonly drawn: number;
  readonly failures: number;
  readonly total: number;
}

function upperTail(urn: Urn, from: number, high: number): number {
  let term = 1;
  let sum = 1;
  for (let failed = from; failed < high && term > sum * 1e-17; failed += 1) {
    term *= rise(urn, failed);
    sum += term;
  }
  return Math.min(1, sum * probability(urn, from));
}

function lowerTail(urn: Urn, from: number, low: number): number {
  let term = 1;
  let sum = 1;
  for (let failed = from; failed > low && term > sum * 1e-17; failed -= 1) {
    term /= rise(urn, failed - 1);
    sum += term;
  }
  return Math.min(1, sum * probability(urn, from));
}

/** The hypergeometric probability of one failure more, as a multiple of that of `failed`. */
function rise({ drawn, failures, total }: Urn, failed: number): number {
  return (
    (((failures - failed) / (failed + 1)) * (drawn - failed)) /
    (total - failures - drawn + failed + 1)
  );
}

function probability({ drawn, failures, total }: Urn, failed: number): number {
  return Math.exp(
    logChoose(failures, failed) +
      logChoose(total - failures, drawn - failed) -
      logChoose(total, drawn),
  );
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
