import { describe, expect, test } from 'vitest';
import type { ReportEvent } from '../../src/formats/report-events.ts';
import type { ReportFormat } from '../../src/formats/report-formats.ts';
import { createDetectingReader } from '../../src/formats/report-reader.ts';
import { attemptsOf, complaintsOf, fixturesOf, type JsonFixture } from './json-fixtures.ts';
import { readWith } from './read-report.ts';

const FORMATS: Readonly<Record<string, ReportFormat>> = {
  'go-test': 'GO_TEST',
  jest: 'JEST',
  playwright: 'PLAYWRIGHT',
  mocha: 'MOCHA',
  rspec: 'RSPEC',
  dart: 'DART',
};

/** Reports that contradict themselves on purpose, or hold what is no test. */
const WITH_WARNINGS = ['mocha/handmade/retries.json', 'go-test/handmade/panic.json'];

/** The counts of expected.json; attempts that failed before a test's outcome, and of which nothing is known, are no cases. */
function countEvents(events: readonly ReportEvent[]): JsonFixture['counts'] {
  const cases = attemptsOf(events).filter(({ statusRaw }) => statusRaw !== 'retry');
  const countOf = (status: string) => cases.filter((attempt) => attempt.status === status).length;
  return {
    cases: cases.length,
    passed: countOf('PASSED'),
    failed: countOf('FAILED'),
    errored: countOf('ERRORED'),
    skipped: countOf('SKIPPED'),
  };
}

describe.each(Object.entries(FORMATS))('%s', (kind, format) => {
  const fixtures = fixturesOf(kind);

  test.each(fixtures)(
    '$path is found by its content and holds what was counted in it',
    ({ bytes, counts }) => {
      const reader = createDetectingReader();

      const events = readWith(reader, [bytes]);

      expect(reader.format()).toBe(format);
      expect(countEvents(events)).toEqual(counts);
    },
  );

  test.each(fixtures.filter(({ path }) => !WITH_WARNINGS.includes(path)))(
    '$path is read without complaint',
    ({ bytes }) => {
      expect(complaintsOf(readWith(createDetectingReader(), [bytes]))).toEqual([]);
    },
  );
});

describe('cucumber', () => {
  test.each(fixturesOf('cucumber'))('$path is found by its content', ({ path, bytes, counts }) => {
    const reader = createDetectingReader();

    const events = readWith(reader, [bytes]);

    expect(reader.format()).toBe(path.endsWith('.ndjson') ? 'CUCUMBER_MESSAGES' : 'CUCUMBER_JSON');
    // The scenario without steps of cucumber-js has no outcome of these.
    expect(countEvents(events)).toEqual(counts);
    expect(complaintsOf(events)).toEqual([]);
  });
});
