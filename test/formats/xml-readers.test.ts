import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJunitReader } from '../../src/formats/junit.ts';
import type { ReportEvent } from '../../src/formats/report-events.ts';
import { readWith } from './read-report.ts';
import { smallXmlReports, xmlReaders } from './xml-fixtures.ts';

const someReport = fc.constantFrom(...smallXmlReports);
const someReader = fc.constantFrom(...xmlReaders.values());
const cuts = fc.array(fc.nat(), { maxLength: 20 });
interface Change {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({ at: fc.nat(), remove: fc.nat(20), insert: fc.uint8Array({ maxLength: 8 }) }),
  { minLength: 1, maxLength: 5 },
);

function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  const starts = [0, ...ends];
  return starts.map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}

function mutate(bytes: Uint8Array, [change, ...rest]: readonly Change[]): Uint8Array {
  if (change == null) return bytes;
  const start = change.at % (bytes.length + 1);
  const mutated = Buffer.concat([
    bytes.subarray(0, start),
    change.insert,
    bytes.subarray(start + change.remove),
  ]);
  return mutate(mutated, rest);
}

/** Saxes tells some mistakes at the end of the text they stand in, as far as it has come. */
function withoutColumns(events: readonly ReportEvent[]): readonly ReportEvent[] {
  return events.map((event) =>
    event.kind === 'PROBLEM' ? { ...event, line: null, column: null } : event,
  );
}

function expectOrderly(events: readonly ReportEvent[]): void {
  const isProblem = events.map(({ kind }) => kind === 'PROBLEM');
  expect(isProblem.slice(0, -1)).not.toContain(true);
}

describe('every XML reader', () => {
  test('gives the same events wherever the chunks of a report end', () => {
    fc.assert(
      fc.property(someReport, cuts, ({ bytes, createReader }, places) => {
        expect(readWith(createReader(), cutAt(bytes, places))).toEqual(
          readWith(createReader(), [bytes]),
        );
      }),
      { numRuns: 700 },
    );
  });

  test.each(smallXmlReports.filter(({ bytes }) => bytes.length < 2_500))(
    'reads $path the same byte by byte',
    ({ bytes, createReader }) => {
      const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));

      expect(readWith(createReader(), chunks)).toEqual(readWith(createReader(), [bytes]));
    },
  );

  test('gives events and at most one problem, at the end, for a mutated report however it is cut', () => {
    fc.assert(
      fc.property(someReport, changes, cuts, ({ bytes, createReader }, list, places) => {
        const mutated = mutate(bytes, list);

        const events = readWith(createReader(), [mutated]);

        expectOrderly(events);
        const inPieces = readWith(createReader(), cutAt(mutated, places));
        expect(withoutColumns(inPieces)).toEqual(withoutColumns(events));
      }),
      { numRuns: 3_000 },
    );
  }, 120_000);

  test('gives events and at most one problem for a report that breaks off', () => {
    fc.assert(
      fc.property(someReport, fc.nat(), ({ bytes, createReader }, length) => {
        expectOrderly(readWith(createReader(), [bytes.subarray(0, length % bytes.length)]));
      }),
      { numRuns: 2_500 },
    );
  }, 120_000);

  test('gives a problem, never an exception, for the report of another format', () => {
    fc.assert(
      fc.property(someReport, someReader, ({ bytes }, createReader) => {
        expectOrderly(readWith(createReader(), [bytes]));
      }),
      { numRuns: 800 },
    );
  });

  test.each(['<?xml \uD83D', '<a b="\uDE00', '<testsuite name="\uD83D'])(
    'takes %j, which ends in half a character',
    (text) => {
      const reader = createJunitReader();

      expect(readWith(reader, [text])).toMatchObject([{ kind: 'PROBLEM', code: 'MALFORMED' }]);
    },
  );

  test('gives a problem, never an exception, for random bytes and random markup', () => {
    const tags = ['testsuite', 'testcase', 'TestRun', 'UnitTestResult', 'test-run', 'test-case'];
    const marks = ['<', '>', '/', '"', '</', ']]>', '<![CDATA[', '&', ';', '#', '<!--', '-->'];
    const more = ['<?xml ', '<?', '?>', '<!DOCTYPE', '\uD83D', 'x', ' name="', '\r', '\n', '\0'];
    const markup = fc.array(
      fc.constantFrom(...tags.map((tag) => `<${tag}`), ...marks, ...more, '/>'),
      { maxLength: 40 },
    );
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      markup.map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(garbage, someReader, (report, createReader) => {
        expectOrderly(readWith(createReader(), [report]));
      }),
      { numRuns: 3_500 },
    );
  });
});
