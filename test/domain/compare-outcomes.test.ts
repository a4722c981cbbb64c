import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareOutcomes } from '../../src/domain/compare-outcomes.ts';

type Counts = readonly [passed: number, failed: number];

function pair([basePassed, baseFailed]: Counts, [passed, failed]: Counts) {
  return { base: { passed: basePassed, failed: baseFailed }, sample: { passed, failed } };
}

describe('a comparison of pass rates', () => {
  test.each<[string, Counts, Counts, string]>([
    // One-sided: C(10, 5) / C(20, 5) = 252 / 15,504 = 0.01625.
    ['fell from all to a half', [10, 0], [5, 5], 'REGRESSED'],
    ['rose from a half to all', [5, 5], [10, 0], 'IMPROVED'],
    ['fell, with two failures to say so', [10, 0], [8, 2], 'NOT_ENOUGH'],
    ['rose, with two failures to say so', [8, 2], [10, 0], 'NOT_ENOUGH'],
    // C(10, 3) / C(20, 3) = 120 / 1,140 = 0.105.
    ['fell, which may be chance', [10, 0], [7, 3], 'UNCHANGED'],
    ['fell by 4 points, surely', [10_000, 0], [9_600, 400], 'UNCHANGED'],
    ['fell by exactly 5 points', [100, 0], [95, 5], 'UNCHANGED'],
    ['fell by 6 points, surely', [1_000, 0], [940, 60], 'REGRESSED'],
    ['stayed', [10, 0], [10, 0], 'UNCHANGED'],
    ['stayed at nothing', [0, 9], [0, 9], 'UNCHANGED'],
    ['is new and fails', [0, 0], [26, 3], 'NEW_FAILING'],
    ['is new and passes nine times of ten', [0, 0], [27, 3], 'UNCHANGED'],
    ['is new and fails twice', [0, 0], [0, 2], 'NOT_ENOUGH'],
    ['has gone', [10, 0], [0, 0], 'NOT_ENOUGH'],
  ])('of a test that %s is told apart', (_what, base, sample, status) => {
    const [comparison] = compareOutcomes([pair(base, sample)]);

    expect(comparison?.status).toBe(status);
  });

  test('tells how large the difference is', () => {
    const [comparison] = compareOutcomes([pair([10, 0], [5, 5])]);

    expect(comparison?.passRateChange).toBe(-0.5);
    expect(comparison?.oddsRatio).toBeCloseTo((5.5 * 10.5) / (5.5 * 0.5), 12);
    expect(comparison?.pValue).toBeCloseTo(252 / 15_504, 10);
    expect(comparison?.adjustedPValue).toBeCloseTo(252 / 15_504, 10);
  });

  test('is adjusted for how many tests could have become worse', () => {
    const worse = pair([10, 0], [5, 5]);
    const chance = pair([5, 5], [5, 5]);

    const alone = compareOutcomes([worse]);
    const amongMany = compareOutcomes([worse, chance, chance, chance]);
    const amongUntested = compareOutcomes([worse, pair([9, 0], [9, 1]), pair([5, 5], [9, 0])]);

    expect(alone[0]?.status).toBe('REGRESSED');
    expect(amongMany[0]?.adjustedPValue).toBeCloseTo((4 * 252) / 15_504, 10);
    expect(amongMany[0]?.status).toBe('UNCHANGED');
    expect(amongUntested[0]?.status).toBe('REGRESSED');
  });

  test('is the other way round when the sides are swapped', () => {
    const counts = fc.tuple(fc.nat(60), fc.nat(60));
    fc.assert(
      fc.property(fc.array(fc.tuple(counts, counts), { maxLength: 10 }), (pairs) => {
        const there = compareOutcomes(pairs.map(([base, sample]) => pair(base, sample)));
        const back = compareOutcomes(pairs.map(([base, sample]) => pair(sample, base)));

        const worse = there.map(({ status }) => status === 'REGRESSED');
        expect(back.map(({ status }) => status === 'IMPROVED')).toEqual(worse);
      }),
    );
  });

  test('finds next to nothing where nothing has changed', () => {
    // A fixed sequence of draws from one failure rate of 20 %: false discoveries stay below 5 %.
    const failures = (seed: number) =>
      Array.from({ length: 50 }, (_none, index) => Math.sin(seed * 99.7 + index * 13.3) * 43_758.5)
        .map((value) => value - Math.floor(value))
        .filter((value) => value < 0.2).length;
    const pairs = Array.from({ length: 500 }, (_none, index) => {
      const [before, after] = [failures(2 * index), failures(2 * index + 1)];
      return pair([50 - before, before], [50 - after, after]);
    });

    const found = compareOutcomes(pairs).filter(({ status }) => status !== 'UNCHANGED');

    expect(found.length).toBeLessThanOrEqual(5);
  });
});
