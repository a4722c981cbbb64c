import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { attemptsOf, complaintsOf, eventsIn } from './json-fixtures.ts';

const folder = new URL('../fixtures/ctrf/', import.meta.url);

const SchemaTests = z.object({
  tests: z.array(
    z.object({
      description: z.string(),
      valid: z.boolean(),
      data: z.unknown().optional(),
      dataPath: z.string().optional(),
    }),
  ),
});

const files = [
  'tests/ctrf.test.json',
  'tests/normative/additional-properties.test.json',
  'tests/normative/enum-constraints.test.json',
  'tests/normative/required-properties.test.json',
  'tests/normative/string-constraints.test.json',
  'tests/normative/type-validation.test.json',
  'tests/normative/valid-documents.test.json',
];

const documents = files.flatMap((file) => {
  const url = new URL(file, folder);
  const { tests } = SchemaTests.parse(JSON.parse(readFileSync(url, 'utf8')));
  return tests.map(({ description, valid, data, dataPath }) => ({
    description,
    valid,
    json:
      dataPath === undefined ? JSON.stringify(data) : readFileSync(new URL(dataPath, url), 'utf8'),
  }));
});

function report(test: object, more: object = {}): object {
  return {
    reportFormat: 'CTRF',
    results: { ...more, tests: [{ name: 't', status: 'passed', ...test }] },
  };
}

describe('the documents of the schema', () => {
  test('there are as many as SOURCE.md says', () => {
    expect(documents.filter(({ valid }) => valid)).toHaveLength(19);
    expect(documents.filter(({ valid }) => !valid)).toHaveLength(149);
  });

  test.each(documents.filter(({ valid }) => valid))('accepted: $description', ({ json }) => {
    const events = eventsIn('CTRF', json);

    expect(attemptsOf(events).length).toBeGreaterThan(0);
    expect(events.filter(({ kind }) => kind === 'PROBLEM')).toEqual([]);
  });

  // Lenient on purpose: what is wrong is complained of or lost, and the rest of the report is not.
  test.each(documents.filter(({ valid }) => !valid))('not thrown at: $description', ({ json }) => {
    const events = eventsIn('CTRF', json);

    expect(attemptsOf(events).length + complaintsOf(events).length).toBeGreaterThan(0);
  });
});

describe('attempts', () => {
  test('attempts before the outcome come first, and the outcome once', () => {
    const json = readFileSync(new URL('examples/with-retries.json', folder), 'utf8');

    expect(attemptsOf(eventsIn('CTRF', json))).toMatchObject([
      { name: 'stable test', attempt: 1 },
      {
        name: 'flaky test',
        attempt: 1,
        status: 'FAILED',
        message: 'Connection timeout',
        durationUs: 120_000,
      },
      { name: 'flaky test', attempt: 2, status: 'FAILED', durationUs: 130_000 },
      { name: 'flaky test', attempt: 3, status: 'PASSED', durationUs: 300_000, message: null },
    ]);
  });

  test.each([
    { retries: 2, attempts: ['failed', 'failed'], outcome: 'failed', expected: 3 },
    { retries: 1, attempts: ['failed', 'failed'], outcome: 'failed', expected: 2 },
    { retries: undefined, attempts: ['failed', 'passed'], outcome: 'passed', expected: 2 },
    { retries: undefined, attempts: ['failed', 'failed'], outcome: 'failed', expected: 3 },
    { retries: 2, attempts: [], outcome: 'passed', expected: 3 },
    { retries: 1e9, attempts: [], outcome: 'passed', expected: 1 },
  ])('$retries retries with $attempts and $outcome are $expected attempts', (told) => {
    const retryAttempts = told.attempts.map((status, index) => ({ attempt: index + 1, status }));
    const test = { status: told.outcome, retries: told.retries, retryAttempts };

    expect(attemptsOf(eventsIn('CTRF', report(test)))).toHaveLength(told.expected);
  });

  test('all that is told of a test is read', () => {
    const events = eventsIn(
      'CTRF',
      report(
        {
          status: 'failed',
          rawStatus: 'timedOut',
          suite: ['a', 'b'],
          filePath: 'a.ts',
          line: 3,
          duration: 1.5,
          start: 1717228800000,
          message: 'm',
          trace: 'at t',
          stdout: ['one', 'two'],
          stderr: ['three'],
          browser: 'firefox',
          tags: ['x', 'y'],
          labels: { priority: 1, owners: ['a', 'b'], __proto__: null },
        },
        { environment: { testEnvironment: 'staging', buildNumber: 7, extra: {} } },
      ),
    );

    expect(events).toEqual([
      { kind: 'SUITE', suite: 'a > b' },
      {
        kind: 'ATTEMPT',
        suite: 'a > b',
        className: '',
        name: 't',
        file: 'a.ts',
        line: 3,
        status: 'FAILED',
        statusRaw: 'timedOut',
        durationUs: 1_500,
        message: 'm',
        failureType: null,
        stackTrace: 'at t',
        output: 'one\ntwo\nthree',
        isTruncated: false,
        attempt: 1,
        startedAt: new Date(1717228800000),
        properties: { browser: 'firefox', tags: 'x, y', priority: '1', owners: 'a, b' },
        suiteProperties: { testEnvironment: 'staging', buildNumber: '7' },
      },
    ]);
  });

  test('a test in two browsers is two tests, not two attempts', () => {
    const tests = ['firefox', 'chrome'].map((browser) => ({
      name: 't',
      status: 'passed',
      browser,
    }));

    const attempts = attemptsOf(eventsIn('CTRF', { results: { tests } }));

    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  test('a suite may be a text', () => {
    expect(attemptsOf(eventsIn('CTRF', report({ suite: 'a > b' })))).toMatchObject([
      { suite: 'a > b' },
    ]);
  });
});

describe('complaints', () => {
  test('what is odd in a million tests is one warning each', () => {
    const tests = [
      { name: 't', status: 'passed', duration: -1 },
      { name: 't', status: 'exploded' },
      { name: 't' },
      { status: 'passed' },
      7,
    ];

    const events = eventsIn('CTRF', { results: { tests } });

    expect(attemptsOf(events).map(({ status, statusRaw }) => [status, statusRaw])).toEqual([
      ['PASSED', 'passed'],
      ['OTHER', 'exploded'],
    ]);
    expect(complaintsOf(events)).toMatchObject([
      { code: 'UNREADABLE_VALUE', message: 'Tests with a duration that cannot be read: 1.' },
      { code: 'UNREADABLE_VALUE', message: 'Tests with a status that CTRF does not know: 1.' },
      { code: 'SKIPPED_ITEM', message: 'Tests without a name or a status were skipped: 3.' },
    ]);
  });

  test('a summary that contradicts the tests is a warning', () => {
    expect(
      complaintsOf(eventsIn('CTRF', report({}, { summary: { tests: 2, passed: 1, failed: 1 } }))),
    ).toMatchObject([
      {
        code: 'COUNTS_DIFFER',
        message: 'The totals contradict the tests: tests 2 instead of 1, failed 1 instead of 0.',
      },
    ]);
  });

  test.each([{}, [], null, { results: {} }, { results: { tests: 'all' } }])(
    '%j is no CTRF',
    (json) => {
      expect(eventsIn('CTRF', JSON.stringify(json))).toMatchObject([
        { kind: 'PROBLEM', code: 'WRONG_FORMAT' },
      ]);
    },
  );
});
