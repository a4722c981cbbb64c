import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coverageFormats } from '../../../src/formats/coverage/coverage-formats.ts';
import { createCoverageReader } from '../../../src/formats/coverage/coverage-reader.ts';
import { anyBytes, cutAt, mutate, mutations } from '../hostile-bytes.ts';
import { expectedCoverage } from './expected-coverage.ts';
import { readCoverage, readWith } from './read-coverage.ts';

const small = expectedCoverage().filter(({ bytes }) => bytes.length < 20_000);
const report = fc.constantFrom(...small);

describe('properties', () => {
  test('what is read does not depend on where the chunks end', () => {
    fc.assert(
      fc.property(report, fc.array(fc.nat(), { maxLength: 20 }), ({ bytes }, cuts) => {
        expect(readCoverage(cutAt(bytes, cuts))).toEqual(readCoverage([bytes]));
      }),
      { numRuns: 300 },
    );
  });

  test.each(small.filter(({ bytes }) => bytes.length < 3_000))(
    '$path reads the same byte by byte',
    ({ bytes }) => {
      expect(readCoverage(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(
        readCoverage([bytes]),
      );
    },
  );

  test('a mutated report never throws, and covers no more lines than can run', () => {
    fc.assert(
      fc.property(report, mutations, ({ bytes, format }, changes) => {
        const mutated = mutate(bytes, changes);

        const { files } = readWith(createCoverageReader(format), [mutated]);

        expect(files.filter((file) => file.coveredLines > file.coverableLines)).toEqual([]);
      }),
      { numRuns: 10_000 },
    );
  }, 120_000);

  test('a truncated report never throws', () => {
    fc.assert(
      fc.property(report, fc.nat(), ({ bytes }, length) => {
        expect(() => readCoverage([bytes.subarray(0, length % bytes.length)])).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(coverageFormats)('%s never throws on random bytes', (format) => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(() => readWith(createCoverageReader(format), [bytes])).not.toThrow();
        expect(() => readCoverage([bytes])).not.toThrow();
      }),
      { numRuns: 1_250 },
    );
  });
});
