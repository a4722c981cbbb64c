import { describe, expect, test } from 'vitest';
import { attemptsOf, complaintsOf, eventsIn, eventsInLines, readFixture } from './json-fixtures.ts';

function line(action: string, test: string, more: object = {}): object {
  return { Time: '2024-06-01T08:00:00.5Z', Action: action, Package: 'p', Test: test, ...more };
}

describe('go test -json', () => {
  test('a failed test has what it printed as its stack, the line that says why as its message', () => {
    const attempts = attemptsOf(eventsIn('GO_TEST', readFixture('go-test/dorny/golang-json.json')));

    expect(attempts.find(({ name }) => name === 'TestFailing')).toMatchObject({
      suite: '_/home/someone/git/test-reporter/reports/go',
      status: 'FAILED',
      statusRaw: 'fail',
      message: 'expected 1+1 = 3, got 2',
      stackTrace: '    calculator_test.go:19: expected 1+1 = 3, got 2',
      durationUs: 890_000,
      startedAt: new Date('2025-04-22T13:59:55.428Z'),
    });
  });

  test('panics, assertions of testify, attributes and tests that never ended are told', () => {
    const events = eventsIn('GO_TEST', readFixture('go-test/handmade/panic.json'));

    expect(attemptsOf(events)).toMatchObject([
      { name: 'TestTable/empty', message: 'Not equal: \nexpected: 1\nactual  : 2' },
      { name: 'TestTable', status: 'FAILED', message: null },
      {
        name: 'TestBoom',
        message: 'panic: runtime error: index out of range [3] with length 2 [recovered]',
        properties: { owner: 'team-cart' },
      },
      { name: 'TestParallel', status: 'ERRORED', statusRaw: 'cont' },
    ]);
    expect(complaintsOf(events)).toEqual([
      {
        kind: 'WARNING',
        code: 'SKIPPED_ITEM',
        message: 'Lines that are no JSON objects were skipped: 2, the first is line 1.',
      },
    ]);
  });

  test('a package that does not build is an error that says what the compiler said', () => {
    const events = eventsIn('GO_TEST', readFixture('go-test/handmade/build-failed.json'));

    expect(attemptsOf(events)).toMatchObject([
      {
        suite: 'example.com/shop/pay',
        name: '[build failed]',
        status: 'ERRORED',
        message: 'undefined: charge',
      },
      { suite: 'example.com/shop/cart', name: 'TestAdd', status: 'PASSED', stackTrace: null },
    ]);
  });

  test('a package without tests is a suite and nothing else', () => {
    const events = eventsIn('GO_TEST', readFixture('go-test/handmade/build-failed.json'));

    expect(events.at(-1)).toEqual({ kind: 'SUITE', suite: 'example.com/shop' });
  });

  test('a test that ran again has a further attempt', () => {
    const events = eventsIn('GO_TEST', readFixture('go-test/handmade/count.json'));

    expect(attemptsOf(events)).toMatchObject([
      { attempt: 1, status: 'FAILED', message: 'got 1, want 2' },
      { attempt: 2, status: 'PASSED', message: null },
      { attempt: 3, status: 'SKIPPED', message: 'needs a database' },
    ]);
  });

  test('a package that failed without a failed test is an error', () => {
    const events = eventsInLines('GO_TEST', [
      line('run', 'TestA'),
      line('pass', 'TestA'),
      { Action: 'output', Package: 'p', Output: 'exit status 3\n' },
      { Action: 'fail', Package: 'p' },
    ]);

    expect(attemptsOf(events).at(-1)).toMatchObject({
      name: '[package failed]',
      status: 'ERRORED',
      message: 'exit status 3',
    });
  });

  test('a benchmark, which has no end of its own, passed when its package did', () => {
    const events = eventsInLines('GO_TEST', [
      line('run', 'BenchmarkA'),
      line('output', 'BenchmarkA', { Output: 'BenchmarkA-8   1000   12 ns/op\n' }),
      { Action: 'pass', Package: 'p' },
    ]);

    expect(attemptsOf(events)).toMatchObject([{ name: 'BenchmarkA', status: 'PASSED' }]);
  });

  test('a goroutine that prints after its test does not make it run again', () => {
    const events = eventsInLines('GO_TEST', [
      line('run', 'T'),
      line('pass', 'T'),
      line('output', 'T', { Output: 'late\n' }),
      { Action: 'fail', Package: 'p' },
    ]);

    expect(attemptsOf(events).map(({ name }) => name)).toEqual(['T', '[package failed]']);
  });

  test('output of packages that run at once stays with its test', () => {
    const events = eventsInLines('GO_TEST', [
      line('run', 'T'),
      { ...line('run', 'T'), Package: 'q' },
      line('output', 'T', { Output: '    a_test.go:1: of p\n' }),
      { ...line('output', 'T', { Output: '    a_test.go:1: of q\n' }), Package: 'q' },
      { ...line('fail', 'T'), Package: 'q' },
      line('fail', 'T'),
    ]);

    expect(attemptsOf(events)).toMatchObject([
      { suite: 'q', attempt: 1, message: 'of q' },
      { suite: 'p', attempt: 1, message: 'of p' },
    ]);
  });

  test('long output is cut, and the attempt says so', () => {
    const events = eventsInLines('GO_TEST', [
      line('run', 'T'),
      ...Array.from({ length: 100 }, () => line('output', 'T', { Output: `${'x'.repeat(999)}\n` })),
      line('fail', 'T'),
    ]);

    expect(attemptsOf(events)[0]).toMatchObject({ isTruncated: true });
    expect(attemptsOf(events)[0]?.stackTrace?.length).toBeLessThanOrEqual(65_536);
  });

  test('UTF-16, as PowerShell writes it, is read', () => {
    const text = `\uFEFF${JSON.stringify(line('run', 'T'))}\r\n${JSON.stringify(line('pass', 'T'))}\r\n`;

    expect(attemptsOf(eventsIn('GO_TEST', Buffer.from(text, 'utf16le')))).toMatchObject([
      { name: 'T', status: 'PASSED' },
    ]);
  });

  test('lines of something else are of the wrong format', () => {
    expect(eventsIn('GO_TEST', '{"a":1}\n')).toMatchObject([
      { kind: 'WARNING', code: 'SKIPPED_ITEM' },
      { kind: 'PROBLEM', code: 'WRONG_FORMAT' },
    ]);
  });
});
