import { describe, expect, test } from 'vitest';
import type { ReportEvent } from '../../src/formats/report-events.ts';
import type { ReportFormat } from '../../src/formats/report-formats.ts';
import { createReportReader } from '../../src/formats/report-reader.ts';

const MEBIBYTE = 1_048_576;

/** How many MiB the memory grew at most while the report was read, the number of its events and the last of them. */
function measure(format: ReportFormat, report: Iterable<string>) {
  const reader = createReportReader(format);
  const before = process.memoryUsage.rss();
  let peak = before;
  let count = 0;
  let pieces = 0;
  let last: ReportEvent | undefined;
  const take = (events: readonly ReportEvent[]) => {
    count += events.length;
    last = events.at(-1) ?? last;
    pieces += 1;
    if (pieces % 64 === 0) peak = Math.max(peak, process.memoryUsage.rss());
  };
  for (const piece of report) take(reader.write(Buffer.from(piece)));
  take(reader.end());
  peak = Math.max(peak, process.memoryUsage.rss());
  return { grownMib: (peak - before) / MEBIBYTE, count, last };
}

function* repeat(
  head: string,
  piece: (index: number) => string,
  times: number,
  tail: string,
): Iterable<string> {
  yield head;
  for (let index = 0; index < times; index += 1) yield piece(index);
  yield tail;
}

const kibibytes64 = 'x'.repeat(65_536);

describe('memory stays flat', () => {
  test('for a string of 200 MB, of which the beginning is kept', () => {
    const head = '{"results":{"tests":[{"name":"t","status":"failed","message":"';

    const { grownMib, last } = measure(
      'CTRF',
      repeat(head, () => kibibytes64, 3_200, '"}]}}'),
    );

    expect(last).toMatchObject({ kind: 'ATTEMPT', isTruncated: true });
    expect(grownMib).toBeLessThan(150);
  });

  test('for a million nested arrays, which are refused', () => {
    const nested = repeat('{"results":{"tests":[', () => '['.repeat(1_000), 1_000, '');

    const { grownMib, last } = measure('CTRF', nested);

    expect(last).toMatchObject({ kind: 'PROBLEM', code: 'LIMIT' });
    expect(grownMib).toBeLessThan(150);
  });

  test('for a million nested arrays in a line, which is skipped', () => {
    const nested = repeat(
      '{"Action":"run","Package":"p"}\n{"Action":',
      () => '['.repeat(1_000),
      1_000,
      '\n',
    );

    const { grownMib, last } = measure('GO_TEST', nested);

    expect(last).toMatchObject({ kind: 'WARNING', code: 'SKIPPED_ITEM' });
    expect(grownMib).toBeLessThan(150);
  });

  test('for a million keys in a test, which is skipped, and the next is read', () => {
    const tail = '},{"name":"u","status":"passed"}]}}';
    const head = '{"results":{"tests":[{"name":"t","status":"passed"';
    const keys = (index: number) =>
      Array.from({ length: 1_000 }, (_, key) => `,"k${index * 1_000 + key}":${key}`).join('');

    const { grownMib, count, last } = measure('CTRF', repeat(head, keys, 1_000, tail));

    expect(count).toBe(2);
    expect(last).toMatchObject({
      code: 'SKIPPED_ITEM',
      message: 'Items larger than 16 Mi characters were skipped: 1.',
    });
    expect(grownMib).toBeLessThan(200);
  });

  test('for a line of 200 MB, which is skipped, and the next is read', () => {
    const tail =
      '"}\n{"Action":"run","Package":"p","Test":"T"}\n{"Action":"pass","Package":"p","Test":"T"}\n';

    const { grownMib, count } = measure(
      'GO_TEST',
      repeat('{"Output":"', () => kibibytes64, 3_200, tail),
    );

    expect(count).toBe(3);
    expect(grownMib).toBeLessThan(150);
  });

  test('for 30,000 tests that print and do not end', () => {
    const begin = (index: number) => {
      const test = JSON.stringify({ Package: 'p', Test: `T${index}` }).slice(1);
      return `{"Action":"run",${test}\n{"Action":"output","Output":"${'x'.repeat(4_000)}",${test}\n`;
    };

    const { grownMib, count } = measure('GO_TEST', repeat('', begin, 30_000, ''));

    expect(count).toBe(30_001);
    expect(grownMib).toBeLessThan(250);
  });

  test.each<[ReportFormat, (index: number) => string]>([
    ['GO_TEST', (index) => `{"Action":"run","Package":"p","Test":"T${index}"}\n`],
    ['GO_TEST', (index) => `{"Action":"output","Package":"p${index}","Output":"x"}\n`],
    ['GO_TEST', (index) => `{"Action":"build-output","ImportPath":"p${index}","Output":"x"}\n`],
    ['CUCUMBER_MESSAGES', (index) => `{"pickle":{"id":"${index}","name":"n"}}\n`],
    ['CUCUMBER_MESSAGES', (index) => `{"testCaseStarted":{"id":"${index}"}}\n`],
    ['DART', (index) => `{"type":"group","time":1,"group":{"id":${index},"name":"g"}}\n`],
  ])('for %s that begins 400,000 things and ends none, which is refused', (format, begin) => {
    const thousand = (index: number) =>
      Array.from({ length: 1_000 }, (_, item) => begin(index * 1_000 + item)).join('');

    const { grownMib, last } = measure(format, repeat('', thousand, 400, ''));

    expect(last).toMatchObject({ kind: 'PROBLEM', code: 'LIMIT' });
    expect(grownMib).toBeLessThan(250);
  });
});

describe('time stays linear', () => {
  test.each([
    'a'.padEnd(60_000),
    '\n'.repeat(60_000),
    '\n    \t'.padEnd(60_000, '\t'),
    '\u001b[1m'.repeat(15_000),
    'Error'.repeat(12_000),
  ])('for a failure of sixty thousand of one character (%#)', (noise) => {
    const text = `a${noise}x`;
    const test = {
      name: 't',
      title: 't',
      fullTitle: `${text} t`,
      status: 'failed',
      message: text,
      trace: text,
      failureMessages: [text],
      err: { stack: text },
    };
    const begun = performance.now();

    measure('CTRF', [JSON.stringify({ results: { tests: [test] } })]);
    measure('JEST', [JSON.stringify({ testResults: [{ name: 'f', assertionResults: [test] }] })]);
    measure('MOCHA', [JSON.stringify({ failures: [test] })]);
    const lines = [{ Action: 'output', Output: text }, { Action: 'fail' }];
    measure(
      'GO_TEST',
      lines.map((line) => `${JSON.stringify({ Package: 'p', Test: 't', ...line })}\n`),
    );

    expect(performance.now() - begun).toBeLessThan(8_000);
  });
});
