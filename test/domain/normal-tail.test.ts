import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalTail } from '../../src/domain/normal-tail.ts';

test.each([
  // R: pnorm(z, lower.tail = FALSE), to the digits known.
  [0, 0.5],
  [1, 0.158_655_253_931_457_05],
  [1.959_963_984_540_054, 0.025],
  [3, 0.001_349_898_031_630_095],
  [5, 2.866_515_718_791_939e-7],
  [10, 7.619_853_024_160_527e-24],
  [-1, 0.841_344_746_068_542_9],
])('a normal variable exceeds %d as often as the tables say', (z, expected) => {
  expect(Math.abs(normalTail(z) / expected - 1)).toBeLessThan(1e-11);
});

test('a normal variable exceeds larger values less often', () => {
  const value = fc.double({ min: -8, max: 30, noNaN: true });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];

      expect(normalTail(high)).toBeLessThanOrEqual(normalTail(low) * (1 + 1e-12));
    }),
  );
});
