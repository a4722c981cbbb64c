import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaCdf, betaQuantile } from '../../src/domain/beta-distribution.ts';

/** For whole a and b the distribution is a tail of a binomial, summed here term by term. */
function binomialTail(x: number, a: number, b: number): number {
  const n = a + b - 1;
  let coefficient = 1;
  let sum = 0;
  for (let k = 0; k <= n; k += 1) {
    if (k >= a) sum += coefficient * x ** k * (1 - x) ** (n - k);
    coefficient = (coefficient * (n - k)) / (k + 1);
  }
  return sum;
}

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.abs(expected);
}

const shape = fc.double({ min: 0.05, max: 5_000, noNaN: true });
const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });

describe('the beta distribution', () => {
  test.each([
    // Closed forms: Beta(1, 1) is x, Beta(a, 1) is x^a, Beta(½, ½) is the arcsine law.
    { x: 0.25, a: 1, b: 1, expected: 0.25 },
    { x: 0.2, a: 3.5, b: 1, expected: 0.2 ** 3.5 },
    { x: 0.3, a: 1, b: 7.25, expected: 1 - 0.7 ** 7.25 },
    { x: 0.1, a: 0.5, b: 0.5, expected: (2 / Math.PI) * Math.asin(Math.sqrt(0.1)) },
    { x: 0.5, a: 1234.5, b: 1234.5, expected: 0.5 },
    { x: 0.5, a: 2, b: 3, expected: 0.6875 },
  ])('of shapes $a and $b reaches $expected at $x', ({ x, a, b, expected }) => {
    const reached = betaCdf(x, a, b);

    expect(relativeError(reached, expected)).toBeLessThan(1e-11);
  });

  test.each([
    { p: 0.05, a: 0.5, b: 0.5, expected: Math.sin((Math.PI * 0.05) / 2) ** 2 },
    { p: 0.95, a: 1, b: 100, expected: -Math.expm1(Math.log(0.05) / 100) },
    { p: 0.05, a: 0.05, b: 1, expected: 0.05 ** 20 },
    // Clopper and Pearson's interval for 5 of 10 at 95 %: 0.187086 to 0.812914 (R: binom.test(5, 10)).
    { p: 0.025, a: 5, b: 6, expected: 0.1870860284474045 },
    { p: 0.975, a: 6, b: 5, expected: 0.8129139715525955 },
  ])('of shapes $a and $b has its quantile of $p at $expected', ({ p, a, b, expected }) => {
    const value = betaQuantile(p, a, b);

    expect(relativeError(value, expected)).toBeLessThan(1e-9);
  });

  test('of whole shapes is a tail of the binomial distribution', () => {
    const whole = fc.integer({ min: 1, max: 25 });
    fc.assert(
      fc.property(whole, whole, probability, (a, b, x) => {
        expect(relativeError(betaCdf(x, a, b), binomialTail(x, a, b))).toBeLessThan(1e-10);
      }),
    );
  });

  test('is mirrored when its shapes are swapped', () => {
    fc.assert(
      fc.property(shape, shape, probability, (a, b, x) => {
        expect(betaCdf(x, a, b)).toBeCloseTo(1 - betaCdf(1 - x, b, a), 11);
      }),
    );
  });

  test('never falls', () => {
    fc.assert(
      fc.property(shape, shape, probability, probability, (a, b, x, y) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)];

        expect(betaCdf(low, a, b)).toBeLessThanOrEqual(betaCdf(high, a, b) * (1 + 1e-12));
      }),
    );
  });

  test('has at its quantile the probability asked for', () => {
    fc.assert(
      fc.property(shape, shape, probability, (a, b, p) => {
        const value = betaQuantile(p, a, b);

        const [below, above] = [value * (1 - 1e-9), value * (1 + 1e-9)];
        expect(betaCdf(below, a, b)).toBeLessThanOrEqual(p * (1 + 1e-10));
        expect(betaCdf(above, a, b)).toBeGreaterThanOrEqual(p * (1 - 1e-10));
      }),
      { numRuns: 500 },
    );
  });

  test('ends where probabilities do', () => {
    expect([betaCdf(-1, 2, 3), betaCdf(0, 2, 3), betaCdf(1, 2, 3), betaCdf(2, 2, 3)]).toEqual([
      0, 0, 1, 1,
    ]);
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1]);
  });

  test('of a million results is exact', () => {
    const value = betaQuantile(0.95, 7_100, 992_900);

    expect(relativeError(betaCdf(value, 7_100, 992_900), 0.95)).toBeLessThan(1e-9);
  });

  test.each([
    [0, 1],
    [1, -1],
    [Number.NaN, 1],
  ])('has no shapes %d and %d', (a, b) => {
    expect(() => betaCdf(0.5, a, b)).toThrow(RangeError);
    expect(() => betaQuantile(0.5, a, b)).toThrow(RangeError);
  });

  test.each([-0.1, 1.1, Number.NaN])('has no quantile of %d', (p) => {
    expect(() => betaQuantile(p, 1, 1)).toThrow(RangeError);
  });
});
