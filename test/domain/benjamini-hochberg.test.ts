import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { benjaminiHochberg } from '../../src/domain/benjamini-hochberg.ts';

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

function rounded(values: readonly number[]): number[] {
  return values.map((value) => Number(value.toFixed(12)));
}

describe("Benjamini and Hochberg's adjustment", () => {
  test('multiplies each p-value by the hypotheses and divides by its rank', () => {
    // By hand: 0.01 · 5/1, 0.02 · 5/2, 0.03 · 5/3, 0.04 · 5/4 are all 0.05; 0.05 · 5/5 too.
    const adjusted = benjaminiHochberg([0.05, 0.01, 0.04, 0.02, 0.03]);

    expect(rounded(adjusted)).toEqual([0.05, 0.05, 0.05, 0.05, 0.05]);
  });

  test('gives no p-value more than a larger one has', () => {
    // By hand: 0.5 stays; 0.02 · 3/2 = 0.03; 0.019 · 3/1 = 0.057, but no more than 0.03.
    const adjusted = benjaminiHochberg([0.019, 0.5, 0.02]);

    expect(rounded(adjusted)).toEqual([0.03, 0.5, 0.03]);
  });

  test('counts hypotheses that were not tested', () => {
    expect(rounded(benjaminiHochberg([0.001], 100))).toEqual([0.1]);
  });

  test('rejects what the step-up procedure rejects', () => {
    fc.assert(
      fc.property(pValues, (values) => {
        const adjusted = benjaminiHochberg(values);

        const sorted = [...values].sort((a, b) => a - b);
        const rank = sorted.findLastIndex((p, i) => p * values.length <= 0.05 * (i + 1));
        const rejected = values.map((p) => rank >= 0 && p <= (sorted[rank] ?? -1));
        expect(adjusted.map((p) => p <= 0.05 * (1 + 1e-12))).toEqual(rejected);
      }),
    );
  });

  test('keeps the order of p-values and lies between them and 1', () => {
    fc.assert(
      fc.property(pValues, (values) => {
        const adjusted = benjaminiHochberg(values);

        const pairs = values.map((p, index) => ({ p, adjusted: adjusted[index] ?? Number.NaN }));
        expect(pairs.every((pair) => pair.adjusted >= pair.p && pair.adjusted <= 1)).toBe(true);
        const sorted = pairs.sort((a, b) => a.p - b.p).map((pair) => pair.adjusted);
        expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
      }),
    );
  });
});
