import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyBytes, cutAt, mutate, mutations } from '../hostile-bytes.ts';
import { expectedSecurity } from './expected-security.ts';
import { readSecurity } from './read-security.ts';

const log = fc.constantFrom(...expectedSecurity());

describe('properties', () => {
  test('what is read does not depend on where the chunks end', () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(), { maxLength: 20 }), ({ bytes }, cuts) => {
        expect(readSecurity(cutAt(bytes, cuts))).toEqual(readSecurity([bytes]));
      }),
      { numRuns: 500 },
    );
  });

  test('a mutated log never throws', () => {
    fc.assert(
      fc.property(log, mutations, ({ bytes }, changes) => {
        expect(() => readSecurity([mutate(bytes, changes)])).not.toThrow();
      }),
      { numRuns: 10_000 },
    );
  });

  test('a truncated log is a problem, and what came before it stands', () => {
    fc.assert(
      fc.property(log, fc.nat(), ({ bytes, json }, length) => {
        const cut = bytes.subarray(0, length % (bytes.lastIndexOf(0x7d) + 1));

        expect(readSecurity([cut]).problem?.code).toBe('MALFORMED');
        expect(readSecurity([cut]).findings.length).toBeLessThanOrEqual(
          json ? readSecurity([bytes]).findings.length : 0,
        );
      }),
      { numRuns: 500 },
    );
  });

  test('values of any kind anywhere never throw', () => {
    const key = fc.constantFrom(
      'runs',
      'results',
      'tool',
      'driver',
      'rules',
      'findings',
      'message',
      'properties',
      'locations',
      'summary',
      'sarif',
      'text',
      'id',
      'rule',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.jsonValue({ maxDepth: 1 }),
        tie('object'),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
      object: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(value, (report) => {
        expect(() => readSecurity([JSON.stringify(report)])).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });

  test('random bytes never throw', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(() => readSecurity([bytes])).not.toThrow();
      }),
      { numRuns: 10_000 },
    );
  });
});
