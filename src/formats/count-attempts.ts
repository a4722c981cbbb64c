import { hash } from 'node:crypto';
import type { AttemptEvent } from './report-events.ts';

type TestIdentity = Pick<AttemptEvent, 'suite' | 'className' | 'name' | 'file'>;

/**
 * Makes a counter that gives the attempt number of each occurrence of a test, from 1. It remembers 48 bits of a hash
 * instead of the names: a report of 500,000 tests costs about 20 MB, and one chance in 2,000 that two of its tests share a count.
 */
export function createAttemptCounter(): (test: TestIdentity) => number {
  const counts = new Map<number, number>();
  return ({ suite, className, name, file }) => {
    const identity = `${suite}\0${className}\0${name}\0${file}`;
    const key = hash('sha1', identity, 'buffer').readUIntBE(0, 6);
    const attempt = (counts.get(key) ?? 0) + 1;
    counts.set(key, attempt);
    return attempt;
  };
}
