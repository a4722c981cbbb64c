import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationShift, isNoticeable } from '../../src/domain/duration-shift.ts';

/** 1,000 ms and a little more each time, `factor` times as long. */
function runs(count: number, factor = 1, start = 1_000): number[] {
  return Array.from({ length: count }, (_none, index) => (start + index) * factor);
}

describe('a shift of run times', () => {
  test('is the factor by which all became longer', () => {
    const shift = durationShift(runs(30), runs(30, 1.5));

    expect(shift?.factor).toBeCloseTo(1.5, 9);
    expect(shift?.baseMedianMs).toBe(1_014.5);
    expect(shift?.sampleMedianMs).toBe(1_521.75);
    expect(shift?.lowerFactor).toBeGreaterThan(1.48);
    expect(shift?.upperFactor).toBeLessThan(1.52);
    expect(shift?.pValue).toBeLessThan(1e-9);
  });

  test('is not told of fewer than 20 on either side', () => {
    expect(durationShift(runs(19), runs(200))).toBeNull();
    expect(durationShift(runs(200), runs(19))).toBeNull();
    expect(durationShift(runs(20), runs(20))).not.toBeNull();
  });

  test.each([
    ['a half longer', 1_000, 1.5, true],
    ['5 % longer', 10_000, 1.05, false],
    ['12 % longer, but for 100 ms', 500, 1.12, false],
    ['12 % longer', 10_000, 1.12, true],
    ['shorter', 1_000, 0.5, false],
  ])('is noticeable when they are %s: %d ms times %d', (_what, start, factor, isOne) => {
    const shift = durationShift(runs(40, 1, start), runs(40, factor, start));

    expect(shift && isNoticeable(shift)).toBe(isOne);
  });

  test('does not show for a few wild run times', () => {
    const wild = runs(40).map((value, index) => (index < 4 ? value * 100 : value));

    const shift = durationShift(runs(40), wild);

    expect(shift && isNoticeable(shift)).toBe(false);
  });

  test('of runs that took no time is none', () => {
    const shift = durationShift(new Array<number>(20).fill(0), new Array<number>(20).fill(0));

    expect(shift).toMatchObject({ factor: 1, pValue: 1 });
  });

  test('lies in its interval, and moves with the sample', () => {
    const side = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), {
      minLength: 20,
      maxLength: 60,
    });
    fc.assert(
      fc.property(side, side, (base, sample) => {
        const shift = durationShift(base, sample);
        const twice = durationShift(
          base,
          sample.map((value) => value * 2),
        );

        const [lower, factor, upper] = [
          shift?.lowerFactor ?? Number.NaN,
          shift?.factor ?? Number.NaN,
          shift?.upperFactor ?? Number.NaN,
        ];
        expect(lower).toBeLessThanOrEqual(factor * (1 + 1e-9));
        expect(upper).toBeGreaterThanOrEqual(factor * (1 - 1e-9));
        expect((twice?.factor ?? Number.NaN) / factor).toBeCloseTo(2, 8);
      }),
      { numRuns: 50 },
    );
  });
});
