import { describe, expect, test } from 'vitest';
import { readJunit } from '../../src/formats/junit.ts';
import type { ReportEvent } from '../../src/formats/report-events.ts';
import { readWith } from './read-report.ts';
import { xmlReaders } from './xml-fixtures.ts';

const MEBIBYTE = 1_048_576;

const roots = [
  ['junit-xml', 'testsuite'],
  ['trx', 'TestRun'],
  ['nunit3-xml', 'test-suite'],
  ['nunit2-xml', 'test-suite'],
  ['xunit-xml', 'assembly'],
] as const;

function readAs(format: string, report: string): readonly ReportEvent[] {
  const createReader = xmlReaders.get(format);
  return createReader == null ? [] : readWith(createReader(), [report]);
}

describe.each(roots)('a report of %s', (format, root) => {
  test('with an external entity is refused before anything is read', () => {
    const report = `<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><${root} name="&x;"/>`;

    expect(readAs(format, report)).toMatchObject([{ kind: 'PROBLEM', code: 'DOCTYPE' }]);
  });

  test('that laughs a billion times is refused', () => {
    const lols = Array.from(
      { length: 9 },
      (_, index) => `<!ENTITY lol${String(index + 1)} "${`&lol${String(index)};`.repeat(10)}">`,
    );
    const report = `<!DOCTYPE lolz [<!ENTITY lol0 "lol">${lols.join('')}]><${root} name="&lol9;"/>`;

    expect(readAs(format, report)).toMatchObject([{ kind: 'PROBLEM', code: 'DOCTYPE' }]);
  });

  test('whose elements are nested a million deep is refused at the hundredth', () => {
    const problem = readAs(format, `<${root}>`.repeat(1_000_000)).at(-1);

    expect(problem).toMatchObject({
      code: 'LIMIT',
      message: 'Elements are nested more than 100 deep.',
    });
  });

  test('of another kind is named by its root element', () => {
    const [problem] = readAs(format, '<html/>');

    expect(problem).toMatchObject({ kind: 'PROBLEM', code: 'WRONG_FORMAT' });
    expect(problem).toHaveProperty('message', expect.stringContaining('<html>'));
  });
});

/** How much the memory grew at most while the report was read, and its attempts. */
async function measure(report: Iterable<Uint8Array | string>) {
  const before = process.memoryUsage().rss;
  const attempts: ReportEvent[] = [];
  let peak = before;
  for await (const event of readJunit(watched(report))) {
    if (event.kind === 'ATTEMPT' || event.kind === 'PROBLEM') attempts.push(event);
  }
  return { attempts, grown: peak - before };

  function* watched(chunks: Iterable<Uint8Array | string>) {
    for (const chunk of chunks) {
      yield chunk;
      peak = Math.max(peak, process.memoryUsage().rss);
    }
  }
}

describe('memory', () => {
  const megabyte = Buffer.alloc(MEBIBYTE, 'x');

  test('does not grow with a text of 200 MiB', async () => {
    const { attempts, grown } = await measure([
      '<testsuite><testcase name="a"><failure message="m"/><system-out><![CDATA[',
      ...Array<Uint8Array>(200).fill(megabyte),
      ']]></system-out></testcase></testsuite>',
    ]);

    expect(attempts).toMatchObject([{ name: 'a', message: 'm', isTruncated: true }]);
    expect(grown).toBeLessThan(100 * MEBIBYTE);
  }, 120_000);

  test('does not grow with the number of texts in a case', async () => {
    const failure = `<failure message="m">${'x'.repeat(60_000)}</failure>`;

    const { attempts, grown } = await measure([
      '<testsuite><testcase name="a">',
      ...Array<string>(1_000).fill(failure),
      '<error/></testcase></testsuite>',
    ]);

    expect(attempts).toMatchObject([{ status: 'ERRORED', isTruncated: true }]);
    expect(grown).toBeLessThan(150 * MEBIBYTE);
  }, 60_000);

  test('does not grow with the elements of a case: too many are refused', async () => {
    const { attempts } = await measure([
      '<testsuite><testcase name="a">',
      ...Array<string>(101).fill('<x/>'.repeat(1_000)),
      '</testcase></testsuite>',
    ]);

    expect(attempts).toMatchObject([
      { kind: 'PROBLEM', code: 'LIMIT', message: 'A test has more than 100000 elements in it.' },
    ]);
  });

  test('does not grow with the attributes of an element: too long ones are refused', async () => {
    const attributes = Array.from(
      { length: 900 },
      (_, index) => ` a${String(index)}="${'x'.repeat(10_000)}"`,
    );

    const { attempts } = await measure(['<testsuite', ...attributes, '/>']);

    expect(attempts).toMatchObject([{ kind: 'PROBLEM', code: 'LIMIT' }]);
  });
});
