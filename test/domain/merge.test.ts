import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeKnown } from '../../src/domain/merge.ts';

interface Row {
  readonly text: string | null;
  readonly count: bigint | null;
  readonly at: Date | null;
  readonly tags: readonly string[];
}

const value = {
  text: fc.option(fc.string()),
  count: fc.option(fc.bigInt()),
  at: fc.option(fc.date({ noInvalidDate: true })),
  tags: fc.array(fc.string(), { maxLength: 3 }),
};
const row = fc.record<Row>(value);
const said = fc.record(value, { requiredKeys: [] });

test('a message that says nothing changes nothing, stale or not', () => {
  fc.assert(
    fc.property(row, fc.boolean(), (known, stale) => {
      expect(mergeKnown(known, { text: null, count: null, at: null }, stale)).toEqual(known);
    }),
  );
});

test('a fresh message is laid over what is known, field by field', () => {
  fc.assert(
    fc.property(row, said, (known, fresh) => {
      const stated = Object.entries(fresh).filter(([, stands]) => stands !== null);

      expect(mergeKnown(known, fresh, false)).toEqual({ ...known, ...Object.fromEntries(stated) });
    }),
  );
});

test('the same message twice is the same message once', () => {
  fc.assert(
    fc.property(row, said, fc.boolean(), (known, message, stale) => {
      const once = mergeKnown(known, message, stale);

      expect(mergeKnown(once, message, stale)).toEqual(once);
    }),
  );
});

test('a stale message keeps everything that is known', () => {
  fc.assert(
    fc.property(row, said, (known, stale) => {
      const merged = mergeKnown(known, stale, true);

      expect(merged.text).toBe(known.text ?? stale.text ?? null);
      expect(merged.count).toBe(known.count ?? stale.count ?? null);
      expect(merged.at).toBe(known.at ?? stale.at ?? null);
      expect(merged.tags).toEqual(known.tags.length > 0 ? known.tags : (stale.tags ?? []));
    }),
  );
});

test('the known row is not changed', () => {
  const known: Row = Object.freeze({ text: 'old', count: null, at: null, tags: [] });

  expect(mergeKnown(known, { text: 'new' }, false)).toEqual({ ...known, text: 'new' });
});
