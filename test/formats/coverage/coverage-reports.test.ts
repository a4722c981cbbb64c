import { describe, expect, test } from 'vitest';
import { coverageFixture, expectedCoverage } from './expected-coverage.ts';
import { readCoverage } from './read-coverage.ts';

/** Its 110 sequence points stand on 95 lines. */
const SHARED_LINES = 'reportgenerator/docs/OpenCover.xml';

const reports = expectedCoverage();

describe('real reports', () => {
  test.each(reports.filter(({ path }) => path !== SHARED_LINES))(
    '$path has the lines that were counted in it',
    ({ bytes, format, files, covered, coverable }) => {
      const read = readCoverage([bytes]);

      expect(read).toMatchObject({ format, total: { covered, coverable }, problem: undefined });
      expect(read.files).toHaveLength(files);
    },
  );

  test('sequence points on one line are one line', () => {
    const { total, files } = readCoverage([coverageFixture(SHARED_LINES)]);

    expect({ total, files: files.length }).toEqual({
      total: { covered: 68, coverable: 95 },
      files: 5,
    });
  });

  test('LCOV and SimpleCov of one run agree in every file', () => {
    const lcov = readCoverage([coverageFixture('octocov/lcov/lcov.info')]).files;
    const simpleCov = readCoverage([coverageFixture('octocov/simplecov/.resultset2.json')]).files;

    const root = '/Users/k1low/src/github.com/winebarrel/ridgepole/';
    expect(simpleCov.map((file) => ({ ...file, path: file.path.replace(root, '') }))).toEqual(lcov);
  });

  test('a report whose counters contradict its lines keeps the lines and says so', () => {
    const { total, warnings } = readCoverage([
      coverageFixture('jacoco-report/aggregate-report.xml'),
    ]);

    expect(total).toEqual({ covered: 10, coverable: 28 });
    expect(warnings).toEqual(['Reports that say 7593 of 9823 lines and have 10 of 28: 1.']);
  });

  test.each([
    ['fake_last_run.json', /has a percentage but no lines; send \.resultset\.json/],
    ['fake_bad_format.json', /no coverage report of a known format/],
  ])('%s is refused with words that help', (name, message) => {
    const { problem } = readCoverage([coverageFixture(`simplecov-check-action/${name}`)]);

    expect(problem?.code).toBe('WRONG_FORMAT');
    expect(problem?.message).toMatch(message);
  });
});
