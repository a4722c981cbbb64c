import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashId, objectId, recordedSecond } from '../../src/domain/object-id.ts';

const instant = fc.date({
  min: new Date(0),
  max: new Date('2106-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const identity = fc.array(fc.string());

test('ids are 24 hex digits, and the same for the same thing', () => {
  fc.assert(
    fc.property(instant, identity, (at, parts) => {
      expect(objectId(at, parts)).toMatch(/^[0-9a-f]{24}$/);
      expect(hashId(parts)).toMatch(/^[0-9a-f]{24}$/);
      expect(objectId(new Date(at), [...parts])).toBe(objectId(at, parts));
    }),
  );
});

test('an id begins with the second it was recorded in', () => {
  fc.assert(
    fc.property(instant, identity, (at, parts) => {
      const second = Math.floor(at.getTime() / 1000) * 1000;

      expect(recordedSecond(objectId(at, parts))).toEqual(new Date(second));
    }),
  );
});

test('ids sort by time', () => {
  fc.assert(
    fc.property(instant, instant, identity, identity, (one, other, left, right) => {
      const [earlier, later] = one <= other ? [one, other] : [other, one];
      fc.pre(later.getTime() - earlier.getTime() >= 1000);

      expect(objectId(earlier, left) < objectId(later, right)).toBe(true);
    }),
  );
});

test('parts of an identity do not run into each other', () => {
  fc.assert(
    fc.property(identity, identity, (one, other) => {
      expect(hashId(one) === hashId(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
  expect(hashId(['ab', 'c'])).not.toBe(hashId(['a', 'bc']));
  expect(hashId(['1:a'])).not.toBe(hashId(['1', 'a']));
  expect(hashId(['', ''])).not.toBe(hashId(['']));
});
