import fc from 'fast-check';
import { expect, test } from 'vitest';
import { betaCdf } from '../../src/domain/beta-distribution.ts';
import { disruptiveness } from '../../src/domain/disruptiveness.ts';
import { flakeProbability } from '../../src/domain/flake-probability.ts';
import { flipRate } from '../../src/domain/flip-rate.ts';

const count = fc.nat({ max: 5000 });

test('the interval of a flake probability holds 90 % of its posterior, 5 % lie on either side', () => {
  fc.assert(
    fc.property(count, count, (disruptions, passes) => {
      const { mean, low, high } = flakeProbability(disruptions, passes);

      expect(mean).toBeCloseTo((0.5 + disruptions) / (50 + disruptions + passes), 12);
      expect(betaCdf(low, 0.5 + disruptions, 49.5 + passes)).toBeCloseTo(0.05, 6);
      expect(betaCdf(high, 0.5 + disruptions, 49.5 + passes)).toBeCloseTo(0.95, 6);
    }),
    { numRuns: 100 },
  );
});

test('a flake probability sinks with passes and rises with disruptions', () => {
  fc.assert(
    fc.property(count, count, (disruptions, passes) => {
      const { mean } = flakeProbability(disruptions, passes);

      expect(flakeProbability(disruptions, passes + 1).mean).toBeLessThan(mean);
      expect(flakeProbability(disruptions + 1, passes).mean).toBeGreaterThan(mean);
    }),
  );
});

test('of a test without results nothing is known but the prior', () => {
  expect(flakeProbability(0, 0).mean).toBe(0.01);
  expect(disruptiveness(0, 0)).toBeNull();
  expect(flipRate(0, 0)).toBeNull();
  expect(flipRate(0, 1)).toBeNull();
});

test('rates are what they are divided by', () => {
  expect(disruptiveness(3, 8)).toBe(0.375);
  expect(flipRate(6, 8)).toBe(6 / 7);
});
