import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReportEvent, ReportReader } from '../../src/formats/report-events.ts';
import { reportFormats } from '../../src/formats/report-formats.ts';
import { createDetectingReader, createReportReader } from '../../src/formats/report-reader.ts';
import { fixturesOf, readFixture } from './json-fixtures.ts';
import { readWith } from './read-report.ts';

const kinds = ['go-test', 'jest', 'playwright', 'mocha', 'cucumber', 'rspec', 'dart'];
const reports = [
  ...kinds.flatMap(fixturesOf).map(({ bytes }) => bytes),
  ...['comprehensive', 'minimal', 'with-diagnostics', 'with-retries'].map((name) =>
    readFixture(`ctrf/examples/${name}.json`),
  ),
].filter(({ length }) => length < 20_000);

const readers: Readonly<Record<string, () => ReportReader>> = {
  ...Object.fromEntries(reportFormats.map((format) => [format, () => createReportReader(format)])),
  detected: () => createDetectingReader(),
};

/** Words of all the formats, so that random JSON gets past their first look. */
const words = fc.constantFrom(
  ...new Set(
    reports
      .flatMap(
        (bytes) =>
          Buffer.from(bytes)
            .toString()
            .match(/"[\w]+"/g) ?? [],
      )
      .map((word) => word.slice(1, -1)),
  ),
  '__proto__',
  'toString',
);
const scalar = fc.oneof(
  words,
  fc.jsonValue({ maxDepth: 0 }),
  fc.integer(),
  fc.double(),
  fc.string(),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 8, withCrossShrink: true },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(words, tie('tree'), { maxKeys: 8 }),
  ),
}));

const change = fc.record({
  at: fc.nat(),
  remove: fc.nat(20),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc
      .constantFrom('{', '}', '[', ']', '"', ',', '\n', 'null', '1e999')
      .map((text) => Buffer.from(text)),
  ),
});

function mutate(
  report: Uint8Array,
  changes: readonly { at: number; remove: number; insert: Uint8Array }[],
): Uint8Array {
  return changes.reduce<Uint8Array>((bytes, { at, remove, insert }) => {
    const start = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]);
  }, report);
}

/** What holds of every report: at most one problem, at the end, and values that can be stored. */
function expectSound(events: readonly ReportEvent[]): void {
  const problems = events.map(({ kind }) => kind === 'PROBLEM');
  expect(problems.slice(0, -1)).not.toContain(true);
  for (const event of events) {
    if (event.kind !== 'ATTEMPT') continue;
    expect(event.attempt).toBeGreaterThan(0);
    expect(event.durationUs ?? 0).toSatisfy((us: number) => Number.isSafeInteger(us) && us >= 0);
    expect(event.startedAt?.getTime() ?? 0).not.toBeNaN();
    expect(event.stackTrace?.length ?? 0).toBeLessThanOrEqual(65_536);
    expect(Object.values(event.properties).every((value) => typeof value === 'string')).toBe(true);
  }
}

describe.each(Object.entries(readers))('%s', (_name, createReader) => {
  test('random bytes, random values and lines of them are read or complained of', () => {
    const json = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      tree.map((value) => JSON.stringify(value)),
      fc
        .array(tree, { maxLength: 8 })
        .map((items) => items.map((item) => `${JSON.stringify(item)}\n`).join('')),
    );
    fc.assert(
      fc.property(json, (report) => {
        expectSound(readWith(createReader(), [report]));
      }),
      { numRuns: 200 },
    );
  });

  test('mutated and truncated reports are read or complained of', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...reports),
        fc.array(change, { maxLength: 5 }),
        fc.option(fc.nat()),
        (report, changes, length) => {
          const mutated = mutate(report, changes);
          const kept =
            length === null ? mutated : mutated.subarray(0, length % (mutated.length + 1));

          expectSound(readWith(createReader(), [kept]));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('chunks', () => {
  test('events do not depend on where the chunks end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...reports),
        fc.array(change, { maxLength: 2 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (report, changes, cuts) => {
          const bytes = mutate(report, changes);
          const places = [
            0,
            ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
            bytes.length,
          ];
          const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));

          const whole = readWith(createDetectingReader(), [bytes]);

          expect(readWith(createDetectingReader(), chunks)).toEqual(whole);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  test.each(
    reports.filter(({ length }) => length < 6_000).map((bytes, index) => ({ index, bytes })),
  )('report $index reads the same byte by byte', ({ bytes }) => {
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));

    expect(readWith(createDetectingReader(), single)).toEqual(
      readWith(createDetectingReader(), [bytes]),
    );
  });
});
