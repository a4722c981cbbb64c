import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scoreWindow, splitDays } from '../../src/domain/score-window.ts';

const dayMs = 86_400_000;

test('a window that nothing is said of is 14 days', () => {
  expect(scoreWindow(null)).toEqual({ days: 14 });
  expect(scoreWindow({})).toEqual({ days: 14 });
  expect(scoreWindow({ days: 3, from: null, to: null })).toEqual({ days: 3 });
});

test('an interval is its whole days and what is left before and after them, and nothing twice', () => {
  const instant = fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2020-02-01T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instant, fc.integer({ min: 1, max: 5 * dayMs }), (from, length) => {
      const to = new Date(from.getTime() + length);

      const { days, rest } = splitDays({ from, to });

      const parts = [...rest, ...(days === null ? [] : [days])].toSorted(
        (one, other) => one.from.getTime() - other.from.getTime(),
      );
      expect(parts.map((part) => part.from)).toEqual([
        from,
        ...parts.slice(0, -1).map((p) => p.to),
      ]);
      expect(parts.at(-1)?.to).toEqual(to);
      expect(rest.every((part) => part.to.getTime() - part.from.getTime() < 2 * dayMs)).toBe(true);
      expect((days?.from.getTime() ?? 0) % dayMs).toBe(0);
      expect((days?.to.getTime() ?? 0) % dayMs).toBe(0);
    }),
  );
});
