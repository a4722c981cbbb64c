import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mannWhitney, shiftIntervalPlace } from '../../src/domain/mann-whitney.ts';

/** U as it is defined: pairs in which the sample is larger, ties counted half. */
function pairsWon(base: readonly number[], sample: readonly number[]): number {
  const won = (b: number, s: number) => (s > b ? 1 : s === b ? 0.5 : 0);
  return sample.reduce((sum, s) => sum + base.reduce((inner, b) => inner + won(b, s), 0), 0);
}

/** All ways to choose which of the values are the sample. */
function subsets(values: readonly number[], size: number): number[][] {
  const [first, ...rest] = values;
  if (size === 0) return [[]];
  if (first === undefined) return [];
  return [...subsets(rest, size - 1).map((some) => [first, ...some]), ...subsets(rest, size)];
}

/** Share of all choices in which U is at least as large. */
function permutationP(base: readonly number[], sample: readonly number[]): number {
  const all = [...base, ...sample];
  const observed = pairsWon(base, sample);
  const choices = subsets(all, sample.length);
  const extreme = choices.filter((chosen) => {
    const others = all.filter((value) => !chosen.includes(value));
    return pairsWon(others, chosen) >= observed;
  });
  return extreme.length / choices.length;
}

describe('the test of Mann and Whitney', () => {
  test('counts for small sets all orders', () => {
    const distinct = fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(distinct, fc.nat(), (values, cut) => {
        const size = 1 + (cut % (values.length - 1));
        const [base, sample] = [values.slice(0, size), values.slice(size)];

        const { u, pValue } = mannWhitney(base, sample);

        expect(u).toBe(pairsWon(base, sample));
        expect(pValue).toBeCloseTo(permutationP(base, sample), 12);
      }),
    );
  });

  test('finds of 3 values above 3 others that 1 of 20 orders is like it', () => {
    expect(mannWhitney([1, 2, 3], [4, 5, 6])).toEqual({ u: 9, pValue: 0.05 });
  });

  test('counts ties half and corrects the variance for them', () => {
    // By hand: U = 4.5 + 2.5 · … of [1, 2, 2] against [2, 2, 3]: 1 beats 0, ties: U = 3 + 2·2·0.5 + 2 = 7.
    // Variance = 9/12 · (7 − (4³ − 4)/(6 · 5)) = 3.75; z = (7 − 4.5 − 0.5)/√3.75 = 1.0328; p = 0.15085.
    const { u, pValue } = mannWhitney([1, 2, 2], [2, 2, 3]);

    expect(u).toBe(7);
    expect(pValue).toBeCloseTo(0.150_85, 4);
  });

  test('of large sets comes near to the count of all orders', () => {
    const base = Array.from({ length: 26 }, (_none, index) => index * 2);
    const sample = Array.from({ length: 25 }, (_none, index) => index * 2 + 9);

    const approximate = mannWhitney(base, sample).pValue;

    const exact = mannWhitney(base.slice(1), sample).pValue;
    expect(Math.abs(approximate - exact)).toBeLessThan(0.03);
  });

  test('of two sets the other way round wins the other pairs', () => {
    const values = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, values, (base, sample) => {
        const [there, back] = [mannWhitney(base, sample), mannWhitney(sample, base)];

        expect(there.u + back.u).toBe(base.length * sample.length);
        expect(there.pValue + back.pValue).toBeGreaterThanOrEqual(1 - 1e-12);
      }),
    );
  });

  test('says nothing of empty sets and of equal values', () => {
    expect(mannWhitney([], [1]).pValue).toBe(1);
    expect(mannWhitney([1], []).pValue).toBe(1);
    expect(mannWhitney([7, 7, 7], [7, 7, 7]).pValue).toBe(1);
  });
});

describe('the interval of a shift', () => {
  test.each([
    // Tables of the rank sum test, two-sided 5 %: the largest U that is significant is 2, 23, 127; one more is the place.
    [5, 5, 3],
    [10, 10, 24],
    [20, 20, 128],
  ])('of %d and %d values begins where the tables say', (n, m, place) => {
    expect(shiftIntervalPlace(n, m)).toBe(place);
  });

  test('of large sets begins where the normal approximation says', () => {
    // 200 · 200 / 2 − 1.96 · √(200 · 200 · 401 / 12) = 17,734.01.
    expect(shiftIntervalPlace(200, 200)).toBe(17_734);
  });
});
