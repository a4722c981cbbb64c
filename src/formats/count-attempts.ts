import { hash } from 'node:crypto';
import type { AttemptEvent } from './report-events.ts';

type TestIdentity = Pick<AttemptEvent, 'suite' | 'className' | 'name' | 'file'>;

/**
 * Makes a counter that gives the attempt number of each occurrence of a test, from 1. It remembers 48 bits of a hash
 * instead of the names: a report of 500,000 tests costs 12 MB, and one chance in 2,000 that two of its tests share a count.
 */
export function createAttemptCounter(): (test: TestIdentity) => number {
  const count = createCounts();
  return ({ suite, className, name, file }) => {
    const identity = `${suite}\0${className}\0${name}\0${file}`;
    return count(hash('sha1', identity, 'buffer').readUIntBE(0, 6));
  };
}

const smallest = 1_024;
const fullest = 0.6;

/**
 * Makes a function that says how often it was asked for a number (up to 48 bits), this time included. An open hash table in typed arrays: a
 * `Map` of the same numbers takes four times the memory, all of it the garbage collector's to walk.
 */
function createCounts(): (key: number) => number {
  let keys = new Float64Array(smallest);
  let counts = new Uint32Array(smallest);
  let used = 0;

  /** The key's slot, or the empty one it belongs in. */
  function slotOf(key: number): number {
    const mask = keys.length - 1;
    let slot = key & mask; // the key's low bits are a hash already
    while (counts[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  function grow(): void {
    const [oldKeys, oldCounts] = [keys, counts];
    keys = new Float64Array(oldKeys.length * 2);
    counts = new Uint32Array(oldKeys.length * 2);
    for (const [slot, count] of oldCounts.entries()) {
      if (count > 0) put(oldKeys[slot] ?? 0, count);
    }
  }

  function put(key: number, count: number): void {
    const slot = slotOf(key);
    keys[slot] = key;
    counts[slot] = count;
  }

  return (key) => {
    const known = counts[slotOf(key)] ?? 0;
    if (known === 0 && (used += 1) > keys.length * fullest) grow();
    put(key, known + 1);
    return known + 1;
  };
}
