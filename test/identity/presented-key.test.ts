import fc from 'fast-check';
import { expect, test } from 'vitest';
import { presentedKey } from '../../src/identity/presented-key.ts';

const keyOf = (headers: Record<string, string>): string | null =>
  presentedKey(new Headers(headers));

const key = fc.stringMatching(/^[A-Za-z0-9_.~+/=-]{1,80}$/);
const blanks = fc.stringMatching(/^[ \t]{1,5}$/);
const inAnyCase = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) =>
      Array.from(text, (letter, at) => (upper[at] === true ? letter.toUpperCase() : letter)).join(
        '',
      ),
    );
const scheme = fc.constantFrom('bearer', 'token', 'x-buildbuddy-api-key').chain(inAnyCase);

test('a request without a key header presents no key', () => {
  expect(keyOf({ accept: '*/*' })).toBeNull();
});

test('X-API-Key and x-buildbuddy-api-key hold the bare key, in any letter case', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('x-api-key', 'x-buildbuddy-api-key').chain(inAnyCase),
      key,
      (name, value) => {
        expect(keyOf({ [name]: ` ${value} ` })).toBe(value);
      },
    ),
  );
});

test('Authorization holds the key behind each scheme, in any letter case, after any blanks', () => {
  fc.assert(
    fc.property(scheme, blanks, key, (name, gap, value) => {
      expect(keyOf({ authorization: `${name}${gap}${value} ` })).toBe(value);
    }),
  );
});

test('Authorization may hold the bare key', () => {
  fc.assert(
    fc.property(key, (value) => {
      fc.pre(!['bearer', 'token'].includes(value.toLowerCase()));

      expect(keyOf({ authorization: value })).toBe(value);
    }),
  );
});

test('the first header present decides: X-API-Key, x-buildbuddy-api-key, Authorization', () => {
  fc.assert(
    fc.property(key, key, key, (first, second, third) => {
      const all = { 'x-api-key': first, 'x-buildbuddy-api-key': second, authorization: third };
      const { 'x-api-key': _, ...withoutFirst } = all;

      expect(keyOf(all)).toBe(first);
      expect(keyOf(withoutFirst)).toBe(second);
    }),
  );
});

test('an empty header decides too: it is a credential that cannot work, not an anonymous caller', () => {
  expect(keyOf({ 'x-api-key': '', authorization: 'Bearer good' })).toBe('');
  expect(keyOf({ authorization: ' ' })).toBe('');
});

test('a scheme without a key is a credential that cannot work', () => {
  expect(keyOf({ authorization: 'Bearer' })).toBe('');
  expect(keyOf({ authorization: 'TOKEN  ' })).toBe('');
});

test.each(['Basic dXNlcjpwYXNz', 'Digest username="a", realm="b"', 'Negotiate YII='])(
  'another scheme is a credential that cannot work: %s',
  (authorization) => {
    expect(keyOf({ authorization })).toBe('');
  },
);

test('nothing a header can hold makes it throw or read as anonymous', () => {
  const text = fc.string({ unit: 'binary' });

  fc.assert(
    fc.property(fc.constantFrom('', 'Bearer ', 'token'), text, (start, rest) => {
      const presented = presentedKey({
        get: (name) => (name === 'authorization' ? start + rest : null),
      });

      expect(`${start}${rest}`.replaceAll(/\s+/g, ' ')).toContain(presented);
    }),
  );
});
