import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextAttemptAt } from '../../src/outgoing/retry-schedule.ts';

const endedAt = new Date('2026-01-02T03:04:05Z');

function waitS(attempt: number, retryAfter: string | null = null, chance = 0): number | null {
  const next = nextAttemptAt({ attempt, endedAt, retryAfter }, () => chance);
  return next && (next.getTime() - endedAt.getTime()) / 1000;
}

test('a webhook is tried ten times, over three days', () => {
  const waits = Array.from({ length: 10 }, (_none, index) => waitS(index + 1));

  const hour = 3600;
  expect(waits).toEqual([
    5,
    300,
    1800,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
    null,
  ]);
});

test('chance makes a wait up to a fifth longer, never shorter', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, c) => {
        const least = waitS(n) ?? 0;
        const wait = waitS(n, null, c) ?? 0;
        expect(wait).toBeGreaterThanOrEqual(least);
        expect(wait).toBeLessThanOrEqual(least * 1.2 + 0.001);
      },
    ),
  );
});

test.each([
  ['600', 600],
  ['1', 5],
  ['Fri, 02 Jan 2026 04:04:05 GMT', 3600],
  ['Thu, 01 Jan 2026 00:00:00 GMT', 5],
  ['99999999999', 24 * 3600],
  ['soon', 5],
])('an endpoint that says retry-after: %s is tried after %d seconds', (retryAfter, seconds) => {
  expect(waitS(1, retryAfter)).toBe(seconds);
});
