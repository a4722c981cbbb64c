import fc from 'fast-check';
import { expect, test } from 'vitest';
import { name, storableText, text } from '../../src/domain/text.ts';

/** Any UTF-16 at all, lone surrogates and U+0000 included. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

test('storable text is well formed, without U+0000, and as long as what was sent', () => {
  fc.assert(
    fc.property(anyText, (sent) => {
      const stored = storableText(sent);

      expect(stored.isWellFormed()).toBe(true);
      expect(stored).not.toContain('\0');
      expect(stored).toHaveLength(sent.length);
      expect(storableText(stored)).toBe(stored);
    }),
  );
});

test('text that Postgres can hold stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (sent) => {
      fc.pre(!sent.includes('\0'));

      expect(storableText(sent)).toBe(sent);
    }),
  );
});

test('the limit is in characters, and the longest text fits an index', () => {
  const longest = '\u20ac'.repeat(512);

  expect(text().parse(longest)).toBe(longest);
  expect(Buffer.byteLength(longest)).toBeLessThan(2704);
  expect(text().safeParse(`${longest}x`).error?.issues).toMatchObject([
    { message: 'must be at most 512 characters' },
  ]);
});

test('a name is not empty', () => {
  expect(name().safeParse('').error?.issues).toMatchObject([{ message: 'must not be empty' }]);
  expect(text().safeParse('').success).toBe(true);
});
