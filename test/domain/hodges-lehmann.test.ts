import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hodgesLehmann } from '../../src/domain/hodges-lehmann.ts';
import { shiftIntervalPlace } from '../../src/domain/mann-whitney.ts';

/** The same from all differences, sorted. */
function bruteForce(base: readonly number[], sample: readonly number[]) {
  const all = base.flatMap((b) => sample.map((s) => s - b)).sort((a, b) => a - b);
  const at = (place: number) => all[place - 1] ?? Number.NaN;
  const place = shiftIntervalPlace(base.length, sample.length);
  return {
    estimate: (at(Math.ceil(all.length / 2)) + at(Math.floor(all.length / 2) + 1)) / 2,
    lower: at(place),
    upper: at(all.length + 1 - place),
  };
}

const values = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), {
  minLength: 1,
  maxLength: 40,
});

describe('the shift of Hodges and Lehmann', () => {
  test('is the median of all differences', () => {
    // Differences: 3, 4, 5, 2, 3, 4, 1, 2, 3. The smallest and the largest are the interval of so few.
    const shift = hodgesLehmann([1, 2, 3], [4, 5, 6]);

    expect(shift.estimate).toBeCloseTo(3, 10);
    expect(shift.lower).toBeCloseTo(1, 10);
    expect(shift.upper).toBeCloseTo(5, 10);
  });

  test('is what sorting all differences gives', () => {
    fc.assert(
      fc.property(values, values, (base, sample) => {
        const shift = hodgesLehmann(base, sample);

        const expected = bruteForce(base, sample);
        expect(shift.estimate).toBeCloseTo(expected.estimate, 9);
        expect(shift.lower).toBeCloseTo(expected.lower, 9);
        expect(shift.upper).toBeCloseTo(expected.upper, 9);
      }),
      { numRuns: 300 },
    );
  });

  test('moves with the sample and turns with the sides', () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: -9, max: 9 }), (base, sample, by) => {
        const shift = hodgesLehmann(base, sample);
        const moved = hodgesLehmann(
          base,
          sample.map((value) => value + by),
        );
        const turned = hodgesLehmann(sample, base);

        expect(moved.estimate).toBeCloseTo(shift.estimate + by, 9);
        expect(turned.lower).toBeCloseTo(-shift.upper, 9);
      }),
    );
  });

  test('takes no notice of a few wild values', () => {
    const base = Array.from({ length: 50 }, (_none, index) => index / 100);
    const sample = base.map((value, index) => (index < 5 ? 1_000_000 : value + 1));

    const { estimate } = hodgesLehmann(base, sample);

    expect(estimate).toBeGreaterThan(0.9);
    expect(estimate).toBeLessThan(1.2);
  });

  test('needs values on both sides', () => {
    expect(() => hodgesLehmann([], [1])).toThrow(RangeError);
    expect(() => hodgesLehmann([1], [])).toThrow(RangeError);
  });
});
