import { describe, expect, test } from 'vitest';
import { attemptsOf, eventsIn, eventsInLines, readFixture } from './json-fixtures.ts';

describe('Cucumber messages', () => {
  const attempts = attemptsOf(
    eventsIn('CUCUMBER_MESSAGES', readFixture('cucumber/handmade/messages.ndjson')),
  );

  test('each start of a test case is an attempt', () => {
    expect(attempts.filter(({ name }) => name === 'empty cart')).toMatchObject([
      {
        attempt: 1,
        suite: 'Cart',
        file: 'features/cart.feature',
        line: 5,
        status: 'FAILED',
        statusRaw: 'FAILED',
        durationUs: 1_500_000,
        message: 'Expected 0 items',
        failureType: 'AssertionError',
        output: 'cart has 1 item',
        properties: { tags: '@smoke, @fast' },
        startedAt: new Date(1717228800000),
      },
      { attempt: 2, status: 'PASSED', durationUs: 250_000, output: null },
    ]);
  });

  test('rows of examples are tests of their own, under feature and rule', () => {
    const rows = attempts.filter(({ name }) => name.startsWith('two items'));

    expect(rows).toMatchObject([
      { suite: 'Cart > prices add up', name: 'two items #1.1', line: 17, status: 'PASSED' },
      { name: 'two items #1.2', line: 18, status: 'ERRORED', statusRaw: 'UNDEFINED' },
      { name: 'two items #2.1', line: 22, status: 'SKIPPED', statusRaw: 'PENDING' },
    ]);
  });

  test('a feature that does not parse and a hook that failed are errors', () => {
    expect(attempts.filter(({ suite }) => suite === '')).toMatchObject([
      {
        name: 'Feature failed to parse',
        file: 'features/broken.feature',
        line: 3,
        status: 'ERRORED',
      },
      { name: 'Hook of the run failed', status: 'ERRORED', message: 'Error: database is gone' },
    ]);
  });

  test('a test case that never finished is an error', () => {
    const events = eventsInLines('CUCUMBER_MESSAGES', [
      { pickle: { id: 'p', uri: 'a.feature', name: 'hangs', astNodeIds: [] } },
      { testCase: { id: 'c', pickleId: 'p' } },
      { testCaseStarted: { id: 's', testCaseId: 'c', attempt: 0 } },
    ]);

    expect(attemptsOf(events)).toMatchObject([{ name: 'hangs', status: 'ERRORED' }]);
  });

  test('a screenshot beyond the longest line is passed over', () => {
    const attachment = JSON.stringify({
      attachment: { body: 'x'.repeat(5_000_000), mediaType: 'image/png' },
    });

    expect(eventsIn('CUCUMBER_MESSAGES', `{"meta":{}}\n${attachment}\n`)).toEqual([]);
  });
});

describe('Cucumber JSON', () => {
  const attempts = attemptsOf(
    eventsIn('CUCUMBER_JSON', readFixture('cucumber/handmade/cucumber-jvm.json')),
  );

  test('steps of the background and hooks count with their scenario', () => {
    expect(attempts.slice(0, 2)).toMatchObject([
      {
        suite: 'Payments',
        name: 'pay by card',
        file: 'file:features/payments.feature',
        line: 6,
        status: 'FAILED',
        statusRaw: 'failed',
        durationUs: 6_500,
        message: 'java.lang.AssertionError: expected [ok] but found [declined]',
        output: 'paying',
        startedAt: new Date('2024-06-01T08:00:00Z'),
        properties: { tags: '@smoke' },
      },
      { name: 'pay later', status: 'FAILED', message: 'java.lang.RuntimeException: closed' },
    ]);
  });

  test('rows of examples are tests of their own by their id', () => {
    expect(attempts.slice(2)).toMatchObject([
      { name: 'pay in parts #1', attempt: 1, status: 'PASSED' },
      { name: 'pay in parts #2', attempt: 1, status: 'ERRORED', statusRaw: 'undefined' },
    ]);
  });

  test('rows without a number in their id are told by their line', () => {
    const told = attemptsOf(
      eventsIn('CUCUMBER_JSON', readFixture('cucumber/handmade/cucumber-js.json')),
    );

    expect(told).toMatchObject([
      { name: 'by name', line: 9, status: 'PASSED' },
      { name: 'by name #2', line: 10, status: 'SKIPPED', statusRaw: 'pending' },
      { name: 'nothing', status: 'OTHER', statusRaw: 'unknown' },
    ]);
  });

  test('a scenario that stands there twice was retried', () => {
    const scenario = (status: string) => ({
      name: 's',
      line: 3,
      type: 'scenario',
      steps: [{ result: { status } }],
    });
    const report = [
      { name: 'F', keyword: 'Feature', elements: [scenario('failed'), scenario('passed')] },
    ];

    expect(attemptsOf(eventsIn('CUCUMBER_JSON', report))).toMatchObject([
      { attempt: 1, status: 'FAILED' },
      { attempt: 2, status: 'PASSED' },
    ]);
  });

  test.each([{}, 'text', 1])('%j is of the wrong format', (report) => {
    expect(eventsIn('CUCUMBER_JSON', JSON.stringify(report))).toMatchObject([
      { code: 'WRONG_FORMAT' },
    ]);
  });
});
