import { describe, expect, test } from 'vitest';
import { attemptsOf, complaintsOf, eventsIn, eventsInLines, readFixture } from './json-fixtures.ts';

describe('Jest', () => {
  const events = eventsIn('JEST', readFixture('jest/handmade/jest.json'));

  test('a failed test has its suites, file, line, start, message, type and stack', () => {
    expect(attemptsOf(events)[0]).toMatchObject({
      suite: 'sum > of integers',
      name: 'adds',
      file: '/app/src/sum.test.ts',
      line: 6,
      status: 'FAILED',
      statusRaw: 'failed',
      durationUs: 7_000,
      message:
        'Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 3',
      failureType: 'Error',
      startedAt: new Date(1717228801000),
      attempt: 1,
    });
    expect(attemptsOf(events)[0]?.stackTrace).toContain('at Object.toBe (src/sum.test.ts:7:18)');
  });

  test('each retry is an attempt before the outcome, with its reason', () => {
    const attempts = attemptsOf(events).filter(({ name }) => name === 'is commutative');

    expect(attempts).toMatchObject([
      { attempt: 1, status: 'FAILED', statusRaw: 'retry', message: 'Error: timed out' },
      { attempt: 2, status: 'FAILED', failureType: 'TypeError', durationUs: null },
      { attempt: 3, status: 'PASSED', message: null, durationUs: 4_000 },
    ]);
  });

  test('a file that failed to run is one error', () => {
    expect(attemptsOf(events).at(-1)).toMatchObject({
      name: 'Test suite failed to run',
      file: '/app/src/quotient.test.ts',
      status: 'ERRORED',
    });
    expect(attemptsOf(events).at(-1)?.message).toContain("Cannot find module './quotient'");
  });

  test('durations of Vitest have fractions of a millisecond', () => {
    const attempts = attemptsOf(eventsIn('JEST', readFixture('jest/handmade/vitest.json')));

    expect(attempts.map(({ durationUs }) => durationUs)).toEqual([1_452, 3_250]);
  });

  test('totals that contradict the tests are a warning', () => {
    const told = eventsIn('JEST', {
      numPassedTests: 2,
      testResults: [{ name: 'a', assertionResults: [{ title: 't', status: 'passed' }] }],
    });

    expect(complaintsOf(told)).toEqual([
      {
        kind: 'WARNING',
        code: 'COUNTS_DIFFER',
        message: 'The totals contradict the tests: numPassedTests 2 instead of 1.',
      },
    ]);
  });
});

describe('Playwright', () => {
  const attempts = attemptsOf(
    eventsIn('PLAYWRIGHT', readFixture('playwright/handmade/projects.json')),
  );

  test('tests of two projects are counted apart, each result is an attempt', () => {
    const told = attempts
      .filter(({ name }) => name === 'lets in')
      .map(({ properties, attempt, status, statusRaw }) => [
        properties['project'],
        attempt,
        status,
        statusRaw,
      ]);

    expect(told).toEqual([
      ['chromium', 1, 'FAILED', 'failed'],
      ['chromium', 2, 'PASSED', 'passed'],
      ['firefox', 1, 'ERRORED', 'timedOut'],
      ['firefox', 2, 'FAILED', 'failed'],
      ['firefox', 3, 'ERRORED', 'interrupted'],
    ]);
  });

  test('a result has the titles around it, its place, its errors and what it printed', () => {
    expect(attempts.find(({ name }) => name === 'lets in')).toMatchObject({
      suite: 'login.spec.ts > with a password',
      file: 'login.spec.ts',
      line: 9,
      durationUs: 1_200_000,
      failureType: 'Error',
      output: 'opening page\nwarning: slow',
      startedAt: new Date('2024-06-01T08:00:00Z'),
    });
  });

  test('all errors of a result are told', () => {
    const [, second] = attempts.filter(
      ({ name, properties }) => name === 'lets in' && properties['project'] === 'firefox',
    );

    expect(second?.message).toContain('\u001b[31mlocator');
    expect(second?.message).toContain('Error: second');
  });

  test('what was expected to fail passes when it fails and fails when it passes', () => {
    expect(attempts.filter(({ name }) => name === 'keeps out')).toMatchObject([
      {
        status: 'PASSED',
        statusRaw: 'failed',
        suite: 'login.spec.ts > with a password > that is wrong',
      },
      { status: 'FAILED', statusRaw: 'passed', message: 'Expected to be failed, but passed.' },
    ]);
  });

  test('a test without a result was skipped', () => {
    expect(attempts.filter(({ name }) => name === 'locks the account')).toMatchObject([
      { status: 'SKIPPED', statusRaw: 'skipped', durationUs: 1_200_000 },
      { status: 'SKIPPED', statusRaw: 'skipped', durationUs: null },
    ]);
  });

  test('titles do not leak from one suite to the next', () => {
    expect(attempts.find(({ name }) => name === 'lists users')?.suite).toBe('admin/users.spec.ts');
  });

  test('an error outside of any test is an error of its file', () => {
    expect(attempts.at(-1)).toMatchObject({
      name: 'Test suite failed to run',
      file: '/app/tests/broken.spec.ts',
      line: 3,
      status: 'ERRORED',
      failureType: 'SyntaxError',
    });
  });
});

describe('Mocha', () => {
  const events = eventsIn('MOCHA', readFixture('mocha/handmade/retries.json'));

  test('a test has failed as often as it was retried', () => {
    const attempts = attemptsOf(events).filter(({ name }) => name === 'is flaky');

    expect(attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'FAILED'],
      [2, 'FAILED'],
      [3, 'PASSED'],
    ]);
  });

  test('a hook that failed is a failed test', () => {
    expect(attemptsOf(events)[0]).toMatchObject({
      suite: 'Cart',
      name: '"before each" hook for "adds"',
      status: 'FAILED',
      failureType: 'TypeError',
      message: 'x is not a function',
    });
  });

  test('stats that contradict the lists are a warning', () => {
    expect(complaintsOf(events)).toMatchObject([
      {
        code: 'COUNTS_DIFFER',
        message: 'The totals contradict the tests: failures 2 instead of 1.',
      },
    ]);
  });
});

describe('RSpec', () => {
  test('an example has its groups, place, seconds and exception', () => {
    const attempts = attemptsOf(eventsIn('RSPEC', readFixture('rspec/dorny/rspec-json.json')));

    expect(attempts).toMatchObject([
      {
        suite: 'CheckEnvVars#call when all env vars are defined behaves like success load',
        name: 'logs success message',
        file: './spec/config/check_env_vars_spec.rb',
        line: 12,
        durationUs: 79_160,
      },
      { status: 'FAILED', failureType: 'RSpec::Mocks::MockExpectationError' },
      { status: 'SKIPPED', statusRaw: 'pending', message: 'Temporarily skipped with xit' },
    ]);
  });

  test('errors outside of examples are one error', () => {
    const attempts = attemptsOf(eventsIn('RSPEC', readFixture('rspec/handmade/load-error.json')));

    expect(attempts).toMatchObject([
      {
        name: 'Errors outside of examples',
        status: 'ERRORED',
        message: 'An error occurred while loading ./spec/cart_spec.rb.',
      },
    ]);
  });
});

describe('Dart', () => {
  const attempts = attemptsOf(eventsIn('DART', readFixture('dart/dorny/dart-json.json')));

  test('a test has its groups without repetition, its file, line and milliseconds', () => {
    expect(attempts.find(({ name }) => name === 'Failing test')).toMatchObject({
      suite: 'Test 1 > Test 1.1',
      file: 'test\\main_test.dart',
      line: 12,
      status: 'FAILED',
      statusRaw: 'failure',
      properties: { platform: 'vm' },
    });
  });

  test('a skipped test says why', () => {
    expect(attempts.find(({ name }) => name === 'Skipped test')).toMatchObject({
      status: 'SKIPPED',
      message: 'skipped test',
      durationUs: 14_000,
    });
  });

  test('a test that began and never ended is an error, the loading of a file is not', () => {
    const events = eventsInLines('DART', [
      { type: 'suite', time: 0, suite: { id: 0, path: 'a_test.dart', platform: 'vm' } },
      {
        type: 'testStart',
        time: 1,
        test: { id: 1, name: 'loading a_test.dart', suiteID: 0, line: null },
      },
      {
        type: 'testStart',
        time: 2,
        test: { id: 2, name: 'hangs', suiteID: 0, line: 4, groupIDs: [] },
      },
      { type: 'print', time: 3, testID: 2, message: 'waiting' },
    ]);

    expect(attemptsOf(events)).toMatchObject([
      { name: 'hangs', status: 'ERRORED', statusRaw: 'testStart', output: 'waiting' },
    ]);
  });

  test('events of Flutter itself are no reason to complain', () => {
    const report = '[{"event":"test.startedProcess"}]\n{"type":"done","time":1,"success":true}\n';

    expect(eventsIn('DART', report)).toEqual([]);
  });
});
