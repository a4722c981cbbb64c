import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedReports } from './expected-reports.ts';
import { readChunks } from './read-report.ts';

const reports = expectedReports(new URL('../fixtures/junit/', import.meta.url));
const small = reports.filter(({ bytes }) => bytes.length < 20_000);

describe('properties', () => {
  test('events do not depend on where the chunks end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...small),
        fc.array(fc.nat(), { maxLength: 20 }),
        ({ bytes }, cuts) => {
          const places = [
            0,
            ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b),
            bytes.length,
          ];
          const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));

          expect(readChunks(chunks)).toEqual(readChunks([bytes]));
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each(small.filter(({ bytes }) => bytes.length < 2_000))(
    '$path reads the same byte by byte',
    ({ bytes }) => {
      expect(readChunks(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(
        readChunks([bytes]),
      );
    },
  );

  test('a mutated report gives events and at most one problem, at the end', () => {
    const change = fc.record({
      at: fc.nat(),
      remove: fc.nat(20),
      insert: fc.uint8Array({ maxLength: 8 }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...small),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        ({ bytes }, changes) => {
          const mutated = changes.reduce<Uint8Array>((report, { at, remove, insert }) => {
            const start = at % (report.length + 1);
            return Buffer.concat([
              report.subarray(0, start),
              insert,
              report.subarray(start + remove),
            ]);
          }, bytes);

          const problems = readChunks([mutated]).map(({ kind }) => kind === 'PROBLEM');

          expect(problems.slice(0, -1)).not.toContain(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a truncated report is a problem, never an exception', () => {
    fc.assert(
      fc.property(fc.constantFrom(...small), fc.nat(), ({ bytes }, length) => {
        expect(() => readChunks([bytes.subarray(0, length % bytes.length)])).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });

  test('random bytes and random markup are a problem, never an exception', () => {
    const markup = fc.array(
      fc.constantFrom(
        '<',
        '>',
        '/',
        '<testsuite',
        '<testcase',
        ' name="',
        '"',
        '<failure>',
        '</',
        ']]>',
        '<![CDATA[',
        '&',
        ';',
        '#',
        '<!--',
        '-->',
        '<?',
        '?>',
        '<!DOCTYPE',
        '\uD83D',
        'x',
        ' ',
        '\r',
        '\n',
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          markup.map((pieces) => pieces.join('')),
        ),
        (report) => {
          expect(() => readChunks([report])).not.toThrow();
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
