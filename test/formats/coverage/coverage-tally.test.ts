import { describe, expect, test } from 'vitest';
import { createCoverageReader } from '../../../src/formats/coverage/coverage-reader.ts';
import {
  countAll,
  coveredFiles,
  createCoverageTally,
} from '../../../src/formats/coverage/coverage-tally.ts';
import { readWith } from './read-coverage.ts';

describe('a tally', () => {
  test('merges lines, blocks and counts of another', () => {
    const one = createCoverageTally();
    const other = createCoverageTally();
    one.line(one.file('a'), 1, false);
    one.line(one.file('a'), 9, true);
    one.block(one.file('b.go'), '1.1,2.2', { statements: 3, isCovered: false });
    one.count(one.file('c'), { covered: 1, coverable: 4 });
    one.addRest({ covered: 1, coverable: 1 });
    other.line(other.file('a'), 1, true);
    other.line(other.file('a'), 5_000, false);
    other.block(other.file('b.go'), '1.1,2.2', { statements: 3, isCovered: true });
    other.block(other.file('b.go'), '7.1,8.2', { statements: 1, isCovered: false });
    other.count(other.file('c'), { covered: 3, coverable: 4 });

    one.merge(other);

    expect(coveredFiles(one)).toEqual([
      { path: 'a', coveredLines: 2, coverableLines: 3 },
      { path: 'b.go', coveredLines: 3, coverableLines: 4 },
      { path: 'c', coveredLines: 3, coverableLines: 4 },
    ]);
    expect(countAll(one)).toEqual({ covered: 9, coverable: 12 });
  });

  test('a report that names the highest line of many files is refused in bounded memory', () => {
    const records = Array.from({ length: 200 }, (_, file) => `SF:f${file}\nDA:10000000,1\n`);

    const { problem, files } = readWith(createCoverageReader('LCOV'), records);

    expect(problem).toMatchObject({
      code: 'LIMIT',
      message: 'The report covers more lines than can be kept (128 MiB).',
    });
    expect(files.length).toBeLessThan(60);
  });

  test('a report with more than 200,000 files is refused', () => {
    const records = Array.from({ length: 200_001 }, (_, file) => `SF:f${file}\n`);

    expect(readWith(createCoverageReader('LCOV'), records).problem).toMatchObject({
      code: 'LIMIT',
      line: 200_001,
    });
  });

  test('a limit reached inside XML is a problem of the report', () => {
    const classes = Array.from(
      { length: 100 },
      (_, file) => `<class filename="f${file}"><line number="10000000" hits="1"/></class>`,
    );

    const { problem } = readWith(createCoverageReader('COBERTURA'), ['<coverage>', ...classes]);

    expect(problem).toMatchObject({ code: 'LIMIT', line: 1 });
  });
});

describe('a named format', () => {
  test.each([
    ['COBERTURA', '<report/>', /root element is <report>; Cobertura XML begins with <coverage>/],
    ['JACOCO', '{}', /malformed/],
    ['LCOV', 'mode: set\n', /no `SF:` line/],
    ['GO_COVER', 'SF:a\n', /no `mode:` line/],
    ['SIMPLECOV', '{"a":1}', /no `coverage`/],
    ['ISTANBUL', '[]', /no `statementMap`/],
  ] as const)('%s is held to', (format, report, message) => {
    const { problem } = readWith(createCoverageReader(format), [report]);

    expect(problem?.message).toMatch(message);
  });
});
