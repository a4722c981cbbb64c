import { describe, expect, test } from 'vitest';
import { linesIn, readCoverage } from './read-coverage.ts';

describe('Cobertura', () => {
  test('a line is covered when any class of the file says so, under any spelling of its path', () => {
    const report = `<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
      <coverage line-rate="1"><packages><package><classes>
        <class filename=".\\src\\a.c"><lines><line number="1" hits="0"/><line number="2" hits="0"/></lines></class>
        <class filename="src/a.c"><methods><method><lines><line number="1" hits="3"/></lines></method></methods></class>
      </classes></package></packages></coverage>`;

    expect(linesIn(report)).toEqual(['src/a.c 1/2']);
  });

  test('a report without lines has the counts of its root', () => {
    const report =
      '<coverage line-rate="0.5" lines-covered="3" lines-valid="6"><packages/></coverage>';

    expect(readCoverage([report])).toMatchObject({
      files: [],
      total: { covered: 3, coverable: 6 },
    });
  });

  test('lines and classes that cannot be read are skipped and counted', () => {
    const report = `<coverage line-rate="1"><packages><class filename=""><line number="1" hits="1"/></class>
      <class filename="a"><line number="0" hits="1"/><line number="x" hits="1"/><line number="2"/><line number="99999999" hits="1"/><line number="3" hits="1"/></class>
      </packages></coverage>`;

    const { files, warnings } = readCoverage([report]);

    expect(files).toEqual([{ path: 'a', coveredLines: 1, coverableLines: 1 }]);
    expect(warnings).toEqual([
      'Source files without a usable path were skipped: 1.',
      'Lines whose number or count cannot be read were skipped: 4.',
    ]);
  });
});

describe('JaCoCo', () => {
  const counter = (missed: number, covered: number) =>
    `<counter type="BRANCH" missed="9" covered="9"/><counter type="LINE" missed="${missed}" covered="${covered}"/>`;

  test('what has no lines is counted by the nearest counter', () => {
    const report = `<report name="r">
      <package name="a"><class name="a/A">${counter(1, 1)}</class><sourcefile name="A.java">${counter(2, 3)}</sourcefile>${counter(2, 3)}</package>
      <package name="b">${counter(0, 7)}</package>
      <group name="m">${counter(4, 0)}</group>
      ${counter(6, 10)}</report>`;

    expect(linesIn(report)).toEqual(['a/A.java 3/5', 'b 7/7', 'm 0/4']);
    expect(readCoverage([report]).warnings).toEqual([]);
  });

  test('a report with nothing but a counter has its counts', () => {
    expect(readCoverage([`<report name="r">${counter(1, 2)}</report>`])).toMatchObject({
      files: [],
      total: { covered: 2, coverable: 3 },
    });
  });

  test('files of the same name in two modules stay apart', () => {
    const module = (name: string, ci: number) =>
      `<group name="${name}"><package name="p"><sourcefile name="A.kt"><line nr="1" mi="0" ci="${ci}"/></sourcefile></package></group>`;

    expect(linesIn(`<report name="r">${module('one', 0)}${module('two', 4)}</report>`)).toEqual([
      'p/A.kt 0/1',
      'two/p/A.kt 1/1',
    ]);
  });

  test('a DOCTYPE with declarations of its own is refused', () => {
    const report =
      '<!DOCTYPE report [<!ENTITY x SYSTEM "file:///etc/passwd">]><report name="&x;"/>';

    expect(readCoverage([report]).problem).toMatchObject({ code: 'DOCTYPE' });
  });
});

describe('Clover', () => {
  test('statements count, and conditions with a count; methods and test code do not', () => {
    const report = `<coverage generated="1"><project><file name="x.ts" path="/src/x.ts">
        <line num="1" type="method" count="1"/><line num="2" type="stmt" count="4"/>
        <line num="3" type="cond" count="0" truecount="0" falsecount="0"/>
        <line num="4" type="cond" truecount="1" falsecount="1"/></file></project>
      <testproject><file name="x.test.ts"><line num="1" type="stmt" count="1"/></file></testproject></coverage>`;

    expect(linesIn(report)).toEqual(['/src/x.ts 1/2']);
  });
});

describe('OpenCover', () => {
  test('points without source are not coverable, points without a file are counted as skipped', () => {
    const report = `<CoverageSession><Modules><Module><Files><File uid="1" fullPath="C:\\a.cs"/></Files>
      <Method><FileRef uid="1"/><SequencePoint vc="1" sl="5"/><SequencePoint vc="0" sl="16707566"/></Method>
      <Method><SequencePoint vc="1" sl="5"/></Method></Module></Modules></CoverageSession>`;

    expect(linesIn(report)).toEqual(['C:/a.cs 1/1']);
    expect(readCoverage([report]).warnings).toEqual([
      'Sequence points of a file not named were skipped: 1.',
    ]);
  });
});

describe('LCOV', () => {
  test('records of one file are merged, and one without lines has its totals', () => {
    const report = `# made by hand
TN:unit
SF:./a.c
DA:1,0
DA:2,1e2,checksum
DA:3,-1
LF:9
LH:9
end_of_record
SF:b.c
LF:4
LH:3
end_of_record
SF:a.c
DA:1,1
`;

    expect(linesIn(report)).toEqual(['a.c 2/3', 'b.c 3/4']);
  });
});

describe('Go cover profiles', () => {
  test('a block that several test binaries ran is one block, and its statements count', () => {
    const report = `mode: set
example.com/m/a.go:1.2,3.4 2 0
example.com/m/a.go:5.1,6.1 1 0
mode: set
example.com/m/a.go:1.2,3.4 2 1
`;

    expect(linesIn(report)).toEqual(['example.com/m/a.go 2/3']);
  });
});

describe('SimpleCov', () => {
  test('suites of a result set are merged by line, in old and new form', () => {
    const report = JSON.stringify({
      RSpec: { coverage: { '/a.rb': { lines: [null, 1, 0, 'ignored'] } }, timestamp: 1 },
      Minitest: { coverage: { '/a.rb': [null, 0, 2, null, 0] }, timestamp: 2 },
    });

    expect(linesIn(report)).toEqual(['/a.rb 2/3']);
  });

  test.each([
    { meta: { simplecov_version: '0.22.0' }, coverage: { '/a.rb': { lines: [1, null, 0] } } },
    {
      files: [{ filename: '/a.rb', coverage: { lines: [1, null, 0] } }],
      metrics: { covered_percent: 50 },
    },
    { files: [{ filename: '/a.rb', coverage: [1, null, 0] }], metrics: { total_lines: 2 } },
  ])('a coverage.json is read: %j', (report) => {
    expect(linesIn(JSON.stringify(report))).toEqual(['/a.rb 1/2']);
  });
});

describe('Istanbul', () => {
  test('a line is covered when a statement that begins on it ran', () => {
    const at = (line: number) => ({
      start: { line, column: 0 },
      end: { line: line + 3, column: 1 },
    });
    const report = JSON.stringify({
      '/src/x.js': {
        path: '/src/x.js',
        statementMap: { 0: at(1), 1: at(1), 2: at(2), 3: at(9) },
        fnMap: { 0: { name: 'f' } },
        s: { 0: 0, 1: 5, 2: 0 },
        f: { 0: 1 },
      },
      '/src/y.js': { s: { 0: 1 }, statementMap: { 0: at(4) } },
    });

    expect(linesIn(report)).toEqual(['/src/x.js 1/2', '/src/y.js 1/1']);
    expect(readCoverage([report]).warnings).toEqual([
      'Statements whose line or count cannot be read were skipped: 1.',
    ]);
  });
});
