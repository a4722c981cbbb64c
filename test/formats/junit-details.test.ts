import { describe, expect, test } from 'vitest';
import { LONGEST_OUTPUT } from '../../src/formats/failure-text.ts';
import { attemptsIn, problemIn, readChunks } from './read-report.ts';

function warningsIn(report: string): readonly string[] {
  return readChunks([report])
    .filter((event) => event.kind === 'WARNING')
    .map(({ code, message }) => `${code}: ${message}`);
}

describe('output', () => {
  test('each attempt that did not pass has its own, standard output first', () => {
    const report = `<testsuite><testcase name="t">
      <rerunFailure><system-err>err 1</system-err><system-out>out 1</system-out>at x</rerunFailure>
      <system-err>err 2</system-err><failure/><system-out>out 2</system-out><system-out>out 3</system-out>
    </testcase></testsuite>`;

    expect(attemptsIn(report)).toMatchObject([
      { attempt: 1, output: 'out 1\nerr 1', stackTrace: 'at x' },
      { attempt: 2, output: 'out 2\nout 3\nerr 2', stackTrace: null },
    ]);
  });

  test('of a case that passed nothing is kept, of its failed retry everything', () => {
    const report = `<testsuite><testcase name="t">
      <flakyFailure><system-out>bad</system-out></flakyFailure><system-out>good</system-out>
    </testcase></testsuite>`;

    expect(attemptsIn(report)).toMatchObject([
      { status: 'FAILED', output: 'bad' },
      { status: 'PASSED', output: null },
    ]);
  });

  test('long output is cut, and leaves room for standard error', () => {
    const report = `<testsuite><testcase name="t"><failure message="m"/>
      <system-out>${'o'.repeat(100_000)}</system-out><system-err>${'e'.repeat(100_000)}</system-err>
    </testcase></testsuite>`;

    const [attempt] = attemptsIn(report);

    expect(attempt).toMatchObject({ isTruncated: true, message: 'm' });
    expect(attempt?.output).toHaveLength(LONGEST_OUTPUT);
    expect(attempt?.output).toMatch(/^o{8191}\ne{8192}$/);
  });
});

describe('properties', () => {
  test('of suites are inherited, one object for all cases of a suite; those of a case are its own', () => {
    const report = `<testsuites><properties><property name="os" value="linux"/></properties>
      <testsuite name="a">
        <properties><property name="os" value="mac"/><property name="note"> two words </property></properties>
        <testcase name="x"><properties><property name="id" value="1"/><property name="id" value="2"/></properties></testcase>
        <testcase name="y"/>
      </testsuite>
      <testsuite name="b"><testcase name="z"/></testsuite>
    </testsuites>`;

    const [x, y, z] = attemptsIn(report);

    expect(x?.properties).toEqual({ id: '1, 2' });
    expect(y?.properties).toEqual({});
    expect(x?.suiteProperties).toEqual({ os: 'mac', note: 'two words' });
    expect(y?.suiteProperties).toBe(x?.suiteProperties);
    expect(z?.suiteProperties).toEqual({ os: 'linux' });
  });

  test('more than 1,000, or longer ones than 1,000 characters, are cut', () => {
    const many = Array.from(
      { length: 1_001 },
      (_, index) => `<property name="p${String(index)}" value="${'v'.repeat(1_001)}"/>`,
    );
    const report = `<testsuite><properties>${many.join('')}</properties><testcase name="t"/></testsuite>`;

    const properties = attemptsIn(report)[0]?.suiteProperties ?? {};

    expect(Object.keys(properties)).toHaveLength(1_000);
    expect(properties['p0']).toHaveLength(1_000);
    expect(warningsIn(report)).toEqual([
      'SKIPPED_ITEM: Of the properties of a suite only the first 1,000 were kept.',
    ]);
  });

  test('a property may have any name', () => {
    const report = `<testsuite><testcase name="t"><properties>
      <property name="__proto__" value="a"/><property name="constructor" value="b"/><property value="nameless"/>
    </properties></testcase></testsuite>`;

    expect(Object.entries(attemptsIn(report)[0]?.properties ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

describe('line', () => {
  test.each([
    ['12', 12],
    ['0', null],
    ['-1', null],
    ['12:3', null],
    ['99999999999', null],
  ])('line="%s" is %s', (line, number) => {
    const report = `<testsuite><testcase name="t" file="a.py" line="${line}"/></testsuite>`;

    expect(attemptsIn(report)[0]?.line).toBe(number);
  });
});

describe('warnings', () => {
  test('counters that contradict the cases are told once for each element; the cases win', () => {
    const report = `<testsuites tests="3" failures="0" errors="1" skipped="1">
      <testsuite name="a" tests="2" failures="2" errors=""><testcase name="x"><failure/></testcase><testcase name="y"/></testsuite>
      <testsuite name="b" tests="1" skipped="1" errors="?"><testcase name="z"><skipped/></testcase></testsuite>
    </testsuites>`;

    expect(warningsIn(report)).toEqual([
      'COUNTS_DIFFER: The suite "a" contradicts its cases: failures 2 instead of 1.',
      'COUNTS_DIFFER: The report contradicts its cases: failures 0 instead of 1, errors 1 instead of 0.',
    ]);
  });

  test.each([0, 1])(
    'a suite may count the cases of suites inside it or not: tests="%i"',
    (tests) => {
      const report = `<testsuite tests="${String(tests)}"><testsuite tests="1"><testcase name="x"/></testsuite></testsuite>`;

      expect(warningsIn(report)).toEqual([]);
    },
  );

  test('times and timestamps that cannot be read are told, empty ones are not', () => {
    const report = `<testsuite timestamp="yesterday"><testcase name="t" time="1s"/><testcase name="u" time="" timestamp=" "/></testsuite>`;

    expect(warningsIn(report)).toEqual([
      'UNREADABLE_VALUE: timestamp="yesterday" cannot be read.',
      'UNREADABLE_VALUE: time="1s" cannot be read.',
    ]);
  });

  test('of each kind no more than a page is told', () => {
    const report = `<testsuite tests="0">${'<testsuite tests="9"><testcase name="t" time="x"/></testsuite>'.repeat(100)}</testsuite>`;

    const warnings = warningsIn(report);

    expect(warnings).toHaveLength(32);
    expect(warnings.at(-1)).toContain('There are more of this kind');
  });
});

describe('several documents', () => {
  test('reports put one after the other are all read, as one', () => {
    const first =
      '<?xml version="1.0"?>\n<testsuite name="a"><testcase name="t"><failure/></testcase></testsuite>\n';
    const second =
      '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="a"><testcase name="t"/></testsuite></testsuites>';

    const events = readChunks([Buffer.from(first), Buffer.from(second)]);

    expect(events).toMatchObject([
      { kind: 'SUITE', suite: 'a' },
      { kind: 'ATTEMPT', attempt: 1, status: 'FAILED' },
      { kind: 'SUITE', suite: 'a' },
      { kind: 'ATTEMPT', attempt: 2, status: 'PASSED' },
    ]);
  });

  test('what is wrong in a later one has its line in the file', () => {
    expect(
      problemIn('<?xml version="1.0"?>\n<testsuite/>\n\n<?xml version="1.0"?>\n<testsuite></oops>'),
    ).toMatchObject({ code: 'MALFORMED', line: 5 });
  });

  test.each(['<testsuite/>', 'more', '<?xml-like?', '\uFEFF<testsuite/>'])(
    'a root element followed by %j is malformed',
    (rest) => {
      expect(problemIn(`<testsuite/>${rest}`)).toMatchObject({ code: 'MALFORMED', line: 1 });
    },
  );

  test('ten thousand documents in a file are too many', () => {
    expect(problemIn('<?xml version="1.0"?><testsuite/>'.repeat(10_001))).toMatchObject({
      code: 'LIMIT',
    });
  });
});
