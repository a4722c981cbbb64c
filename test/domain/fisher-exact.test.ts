import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fisherExact } from '../../src/domain/fisher-exact.ts';

function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let product = 1n;
  for (let index = 1; index <= k; index += 1) {
    product = (product * BigInt(n - k + index)) / BigInt(index);
  }
  return product;
}

/** All tables with the same margins and at least as many failures in the sample, counted in whole numbers. */
function bruteForce(base: [number, number], sample: [number, number]): number {
  const [failures, passes] = [base[0] + sample[0], base[1] + sample[1]];
  const drawn = sample[0] + sample[1];
  let tail = 0n;
  for (let failed = sample[0]; failed <= Math.min(drawn, failures); failed += 1) {
    tail += choose(failures, failed) * choose(passes, drawn - failed);
  }
  const all = choose(failures + passes, drawn);
  return Number((tail * 10n ** 30n) / all) / 1e30;
}

function outcomes([failed, passed]: [number, number]) {
  return { failed, passed };
}

describe("Fisher's exact test", () => {
  test('finds for the lady tasting tea what Fisher found', () => {
    // R: fisher.test(matrix(c(3, 1, 1, 3), 2), alternative = 'greater') gives 0.2429 = 17/70.
    const p = fisherExact({ failed: 1, passed: 3 }, { failed: 3, passed: 1 });

    expect(p).toBeCloseTo(17 / 70, 12);
  });

  test('gives what counting all tables gives', () => {
    const side = fc.tuple(fc.nat(60), fc.nat(60));
    fc.assert(
      fc.property(side, side, (base, sample) => {
        const p = fisherExact(outcomes(base), outcomes(sample));

        const expected = bruteForce(base, sample);
        expect(Math.abs(p - expected)).toBeLessThan(1e-10 + expected * 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  test('calls it the likelier, the fewer of the same runs failed', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.integer({ min: 1, max: 50 }), (failed, base, size) => {
        const runs = failed + size;
        const before = { failed: base, passed: 50 };

        const more = fisherExact(before, { failed: failed + 1, passed: runs - failed - 1 });
        const fewer = fisherExact(before, { failed, passed: runs - failed });

        expect(more).toBeLessThanOrEqual(fewer + 1e-12);
      }),
    );
  });

  test('of sides that both have no results says nothing', () => {
    expect(fisherExact({ failed: 0, passed: 0 }, { failed: 0, passed: 0 })).toBe(1);
    expect(fisherExact({ failed: 0, passed: 9 }, { failed: 0, passed: 9 })).toBe(1);
    expect(fisherExact({ failed: 0, passed: 0 }, { failed: 9, passed: 0 })).toBe(1);
  });

  test('of tables of 100,000 agrees with its normal approximation', () => {
    // z = 0.001 / sqrt(2 · 0.0105 · 0.9895 / 100,000), less the correction for continuity: 2.18, so 0.0146.
    const p = fisherExact({ failed: 1_000, passed: 99_000 }, { failed: 1_100, passed: 98_900 });

    expect(p).toBeGreaterThan(0.0144);
    expect(p).toBeLessThan(0.0152);
  });

  test('takes less than its share longer for larger tables', () => {
    const bestMs = (half: number): number => {
      const times = Array.from({ length: 7 }, () => {
        const started = performance.now();
        for (let index = 0; index < 500; index += 1) {
          const failed = half - index / 500;
          fisherExact({ failed: half, passed: half }, { failed: Math.floor(failed), passed: half });
        }
        return performance.now() - started;
      });
      return Math.min(...times);
    };
    bestMs(500); // compiles it

    expect(bestMs(50_000)).toBeLessThan(50 * bestMs(500));
  });
});
