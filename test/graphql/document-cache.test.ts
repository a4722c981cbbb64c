import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDocumentCache } from '../../src/graphql/document-cache.ts';

test('what was used last stays, as far as it fits', () => {
  const cache = createDocumentCache<number>(10);
  cache.set('aaaa', 1);
  cache.set('bbbb', 2);
  cache.get('aaaa');

  cache.set('cccc', 3);

  expect(['aaaa', 'bbbb', 'cccc'].map(cache.get)).toEqual([1, undefined, 3]);
});

test('a document that is too long for the cache drives out nothing, and one given twice is kept once', () => {
  const cache = createDocumentCache<number>(10);
  cache.set('aaaa', 1);
  cache.set('aaaa', 2);
  cache.set('bbbb', 3);

  cache.set('x'.repeat(11), 4);

  expect(['aaaa', 'bbbb', 'x'.repeat(11)].map(cache.get)).toEqual([2, 3, undefined]);
});

test('the documents that are kept are never longer than allowed', () => {
  const documents = fc.array(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 40 });
  fc.assert(
    fc.property(documents, (asked) => {
      const cache = createDocumentCache<string>(20);
      for (const document of asked) cache.set(document, document);

      const kept = [...new Set(asked)].filter((document) => cache.get(document) === document);
      expect(kept.join('').length).toBeLessThanOrEqual(20);
      const last = asked.at(-1);
      if (last !== undefined) expect(kept).toContain(last);
    }),
  );
});
