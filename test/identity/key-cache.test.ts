import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyCache, type CachedKey } from '../../src/identity/key-cache.ts';

const cachedKey = (id: string): CachedKey => ({
  id,
  organizationId: 'organization',
  secretHash: new Uint8Array(32),
  capabilities: [],
  expiresAt: null,
  revokedAt: null,
});
const at = (ms: number): Date => new Date(ms);

test('a key is given until the greatest age, and not when the clock was set back', () => {
  const cache = createKeyCache({ maxEntries: 10, maxAgeMs: 100 });
  cache.set('a', cachedKey('1'), at(1_000));
  cache.set('b', cachedKey('2'), at(1_000));

  expect(cache.get('a', at(1_099))?.id).toBe('1');
  expect(cache.get('a', at(1_100))).toBeUndefined();
  expect(cache.get('b', at(999))).toBeUndefined();
});

test('a forgotten key is gone, and the others stay', () => {
  const cache = createKeyCache({ maxEntries: 10, maxAgeMs: 100 });
  cache.set('a', cachedKey('1'), at(0));
  cache.set('b', cachedKey('2'), at(0));

  cache.forget('1');

  expect(cache.get('a', at(1))).toBeUndefined();
  expect(cache.get('b', at(1))?.id).toBe('2');
});

test('a full cache holds the keys used last, whatever the order of use', () => {
  const hashes = ['a', 'b', 'c', 'd', 'e', 'f'];
  const hash = fc.constantFrom(...hashes);
  const use = fc.record({ hash, isSet: fc.boolean() });

  fc.assert(
    fc.property(fc.array(use), (uses) => {
      const cache = createKeyCache({ maxEntries: 3, maxAgeMs: 100 });
      let usedLast: string[] = []; // the oracle: newest last
      for (const { hash: used, isSet } of uses) {
        if (isSet) cache.set(used, cachedKey(used), at(0));
        else cache.get(used, at(0));
        if (!isSet && !usedLast.includes(used)) continue;
        usedLast = [...usedLast.filter((other) => other !== used), used].slice(-3);
      }

      expect(hashes.filter((each) => cache.get(each, at(0)) !== undefined)).toEqual(
        usedLast.toSorted(),
      );
    }),
  );
});
