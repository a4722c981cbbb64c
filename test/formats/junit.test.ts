import { describe, expect, test } from 'vitest';
import { LONGEST_KEPT } from '../../src/formats/failure-text.ts';
import { attemptsIn, problemIn, readChunks } from './read-report.ts';

function caseWith(inner: string, attributes = ''): string {
  return `<testsuite name="s"><testcase name="t" ${attributes}>${inner}</testcase></testsuite>`;
}

describe('attempts', () => {
  test('retries inside a case come before its own outcome, each with its text', () => {
    const report = caseWith(
      `<flakyFailure message="first" type="E1" time="0.5"><stackTrace>at a</stackTrace><system-out>noise</system-out></flakyFailure>
       <flakyError type="E2">second\n  at b</flakyError>`,
      'classname="c" time="2"',
    );

    expect(attemptsIn(report)).toMatchObject([
      {
        attempt: 1,
        status: 'FAILED',
        message: 'first',
        failureType: 'E1',
        stackTrace: 'at a',
        durationUs: 500_000,
      },
      {
        attempt: 2,
        status: 'ERRORED',
        message: 'second',
        failureType: 'E2',
        stackTrace: 'second\n  at b',
        durationUs: null,
      },
      {
        attempt: 3,
        status: 'PASSED',
        statusRaw: 'passed',
        message: null,
        stackTrace: null,
        durationUs: 2_000_000,
      },
    ]);
  });

  test('a repeated case is a further attempt of its test and of no other', () => {
    const report = `<testsuites>
      <testsuite name="a"><testcase name="t"><failure/></testcase><testcase name="t"/></testsuite>
      <testsuite name="b"><testcase name="t"/></testsuite>
      <testsuite name="a"><testcase name="t"/></testsuite>
    </testsuites>`;

    expect(attemptsIn(report).map(({ suite, attempt }) => [suite, attempt])).toEqual([
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['a', 3],
    ]);
  });

  test('an error outweighs a failure, a failure a skip, and every text is kept', () => {
    const report = caseWith(
      '<skipped message="three"/><failure message="one">at one</failure><error message="two">at two</error>',
    );

    expect(attemptsIn(report)).toMatchObject([
      {
        status: 'ERRORED',
        statusRaw: 'error',
        message: 'three\none\ntwo',
        stackTrace: 'at one\n\nat two',
      },
    ]);
  });

  test.each(['disabled', 'notrun', 'notRun'])('status="%s" is a skipped test', (status) => {
    expect(attemptsIn(caseWith('', `status="${status}"`))).toMatchObject([
      { status: 'SKIPPED', statusRaw: status },
    ]);
  });

  test('nested suites give all their names, the nearest file and the nearest timestamp', () => {
    const report = `<testsuites name="run" timestamp="2024-05-01T10:00:00Z">
      <testsuite name="outer" file="outer.ts"><testsuite name=""><testsuite name="inner" timestamp="2024-05-01T12:30:00+02:00">
        <testcase name="x"/><testcase name="y" file="y.ts"/>
      </testsuite></testsuite><testcase name="z"/></testsuite>
    </testsuites>`;

    expect(
      attemptsIn(report).map(({ suite, file, startedAt }) => [
        suite,
        file,
        startedAt?.toISOString(),
      ]),
    ).toEqual([
      ['outer > inner', 'outer.ts', '2024-05-01T10:30:00.000Z'],
      ['outer > inner', 'y.ts', '2024-05-01T10:30:00.000Z'],
      ['outer', 'outer.ts', '2024-05-01T10:00:00.000Z'],
    ]);
  });

  test('CDATA, entities and colour codes are read as text', () => {
    const report = caseWith(
      '<failure>a &lt;b&gt; &#27;[31m\u001b[0m <![CDATA[<c> & d]]></failure>',
    );

    expect(attemptsIn(report)[0]?.stackTrace).toBe('a <b> &#27;[31m\uFFFD[0m <c> & d');
  });

  test('a stack trace is cut between characters, and says so', () => {
    const report = caseWith(`<failure message="m">x${'😀'.repeat(LONGEST_KEPT)}</failure>`);

    const [attempt] = attemptsIn(report);

    expect(attempt).toMatchObject({ isTruncated: true, message: 'm' });
    expect(attempt?.stackTrace).toBe(`x${'😀'.repeat(LONGEST_KEPT / 2 - 1)}`);
  });
});

describe('values', () => {
  test.each([
    ['1.5', 1_500_000],
    ['1,234.5', 1_234_500_000],
    ['1,234', 1_234_000_000],
    ['0,25', 250_000],
    ['12,5', 12_500_000],
    ['1.234,5', 1_234_500_000],
    ['4.5e-05', 45],
    [' 3 ', 3_000_000],
    ['.5', 500_000],
    ['3024000', 3_024_000_000_000],
    ['', null],
    ['NaN', null],
    ['Infinity', null],
    ['-1', null],
    ['1s', null],
    ['0x10', null],
    ['1e300', null],
  ])('time="%s" is %s microseconds', (time, durationUs) => {
    expect(attemptsIn(caseWith('', `time="${time}"`))[0]?.durationUs).toBe(durationUs);
  });

  test.each([
    ['2024-01-21T08:17:32', '2024-01-21T08:17:32.000Z'],
    ['2024-01-21T08:17:32.123456', '2024-01-21T08:17:32.123Z'],
    ['2024-01-21 08:17', '2024-01-21T08:17:00.000Z'],
    ['2024-01-21T08:17:32.5-0800', '2024-01-21T16:17:32.500Z'],
    ['2024-01-21T08:17:32+05:30', '2024-01-21T02:47:32.000Z'],
    ['2024-01-21T08:17:32 UTC', '2024-01-21T08:17:32.000Z'],
    ['2024-01-21', '2024-01-21T00:00:00.000Z'],
    ['2024-13-45T08:17:32', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('timestamp="%s" is %s', (timestamp, instant) => {
    const [attempt] = attemptsIn(caseWith('', `timestamp="${timestamp}"`));

    expect(attempt?.startedAt?.toISOString()).toBe(instant);
  });
});

describe('encodings', () => {
  const report = '<testsuite name="s"><testcase name="Grün 😀"/></testsuite>';
  const latin1 =
    '<?xml version="1.0" encoding="ISO-8859-1"?><testsuite><testcase name="Grün"/></testsuite>';

  test.each([
    ['UTF-8', Buffer.from(report), 'Grün 😀'],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${report}`), 'Grün 😀'],
    ['text with a byte order mark', `\uFEFF${report}`, 'Grün 😀'],
    ['UTF-16 little endian', Buffer.from(`\uFEFF${report}`, 'utf16le'), 'Grün 😀'],
    ['UTF-16 big endian', Buffer.from(`\uFEFF${report}`, 'utf16le').swap16(), 'Grün 😀'],
    ['UTF-16 without a mark', Buffer.from(report, 'utf16le'), 'Grün 😀'],
    ['declared Latin-1', Buffer.from(latin1, 'latin1'), 'Grün'],
    [
      'UTF-8 that says UTF-16',
      Buffer.from(`<?xml version="1.0" encoding="UTF-16"?>${report}`),
      'Grün 😀',
    ],
  ])('%s is read', (_what, bytes, name) => {
    expect(attemptsIn(bytes).map((attempt) => attempt.name)).toEqual([name]);
  });

  test('an unknown encoding is named as the problem', () => {
    expect(
      problemIn(Buffer.from('<?xml version="1.0" encoding="EBCDIC-X"?><testsuite/>')),
    ).toMatchObject({
      code: 'ENCODING',
    });
  });
});

describe('what is refused', () => {
  test('a report that breaks off gives what stood before, then line and column', () => {
    const events = readChunks(['<testsuite>\n<testcase name="a"/>\n<testcase name="b"></oops>']);

    expect(events).toMatchObject([
      { kind: 'SUITE' },
      { kind: 'ATTEMPT', name: 'a' },
      { kind: 'PROBLEM', code: 'MALFORMED', line: 3, column: 26 },
    ]);
  });

  test('a document type is refused, and no entity is expanded', () => {
    const report = '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite name="&x;"/>';

    expect(readChunks([report])).toMatchObject([{ kind: 'PROBLEM', code: 'DOCTYPE', line: 1 }]);
  });

  test('elements nested a million deep are refused at the hundredth', () => {
    expect(problemIn('<testsuite>'.repeat(1_000_000))).toMatchObject({
      code: 'LIMIT',
      column: 101 * 11,
    });
  });

  test.each([
    ['another kind of XML', '<html/>', 'WRONG_FORMAT'],
    ['nothing', '', 'MALFORMED'],
    ['a name without end', `<testsuite><${'a'.repeat(1_000_000)}`, 'LIMIT'],
    [
      'attributes without end',
      `<testsuite ${Array.from({ length: 2_000 }, (_, index) => `a${String(index)}=""`).join(' ')}/>`,
      'LIMIT',
    ],
  ])('%s is a problem with a code', (_what, report, code) => {
    expect(problemIn(report)).toMatchObject({ kind: 'PROBLEM', code });
  });
});
