import { describe, expect, test } from 'vitest';
import type { AttemptEvent } from '../../src/formats/report-events.ts';
import { createTrxReader } from '../../src/formats/trx.ts';
import { readWith } from './read-report.ts';

function attemptsIn(report: string): readonly AttemptEvent[] {
  return readWith(createTrxReader(), [report]).filter((event) => event.kind === 'ATTEMPT');
}

function warningsIn(report: string): readonly string[] {
  return readWith(createTrxReader(), [report])
    .filter((event) => event.kind === 'WARNING')
    .map(({ code, message }) => `${code}: ${message}`);
}

function definition(id: string, className: string, inner = ''): string {
  return `<UnitTest id="${id}" name="n">${inner}<TestMethod className="${className}" name="n"/></UnitTest>`;
}

function run(results: string, definitions: string, rest = ''): string {
  return `<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Times start="2024-01-01T00:00:00Z"/>
    <Results>${results}</Results><TestDefinitions>${definitions}</TestDefinitions>${rest}</TestRun>`;
}

describe('results', () => {
  test('have the class and the properties of definitions that come later, in their own order', () => {
    const report = run(
      `<UnitTestResult testId="2" testName="B" outcome="Failed" duration="01:02:03.5"><Output>
         <StdOut>out</StdOut><StdErr>err</StdErr><ErrorInfo><Message>Test method N.C.B threw exception: \nSystem.ArgumentException: bad</Message><StackTrace>at N.C.B()</StackTrace></ErrorInfo>
       </Output></UnitTestResult>
       <UnitTestResult testId="1" testName="N.C.A(1)" outcome="Passed" startTime="2024-01-01T00:00:01+01:00"/>
       <UnitTestResult testId="2" testName="B" outcome="Passed"/>`,
      definition('1', 'N.C') +
        definition(
          '2',
          'N.C, Tests, Version=1.0.0.0, Culture=neutral',
          `<TestCategory><TestCategoryItem TestCategory="Slow"/><TestCategoryItem TestCategory="Db"/></TestCategory>
           <Owners><Owner name="me"/></Owners><Properties><Property><Key>Bug</Key><Value>7</Value></Property></Properties>`,
        ),
    );

    expect(attemptsIn(report)).toMatchObject([
      {
        suite: 'N.C',
        className: 'N.C',
        name: 'B',
        attempt: 1,
        status: 'FAILED',
        durationUs: 3_723_500_000,
        message: 'Test method N.C.B threw exception: \nSystem.ArgumentException: bad',
        failureType: 'System.ArgumentException',
        stackTrace: 'at N.C.B()',
        output: 'out\nerr',
        startedAt: new Date('2024-01-01T00:00:00Z'),
        properties: { Category: 'Slow, Db', Owner: 'me', Bug: '7' },
      },
      { className: 'N.C', name: 'A(1)', startedAt: new Date('2023-12-31T23:00:01Z') },
      { className: 'N.C', name: 'B', attempt: 2, status: 'PASSED' },
    ]);
  });

  test('may come after the definitions', () => {
    const report = `<TestRun><TestDefinitions>${definition('1', 'C')}</TestDefinitions>
      <Results><UnitTestResult testId="1" testName="A" outcome="Passed"/></Results></TestRun>`;

    expect(attemptsIn(report)).toMatchObject([{ className: 'C', name: 'A' }]);
    expect(warningsIn(report)).toEqual([]);
  });

  test.each([
    ['Passed', 'PASSED'],
    ['Warning', 'PASSED'],
    ['Failed', 'FAILED'],
    ['Error', 'ERRORED'],
    ['Timeout', 'ERRORED'],
    ['Aborted', 'ERRORED'],
    ['NotExecuted', 'SKIPPED'],
    ['NotRunnable', 'SKIPPED'],
    ['Inconclusive', 'OTHER'],
    ['', 'OTHER'],
  ])('with outcome="%s" are %s', (outcome, status) => {
    expect(
      attemptsIn(run(`<UnitTestResult testName="A" outcome="${outcome}"/>`, '')),
    ).toMatchObject([{ status, statusRaw: outcome }]);
  });

  test('of a data-driven test are its rows', () => {
    const report = run(
      `<UnitTestResult testId="1" testName="A" outcome="Failed" resultType="DataDrivenTest"><InnerResults>
         <UnitTestResult testId="1" testName="A (1)" outcome="Passed"/>
         <UnitTestResult testId="1" testName="A (2)" outcome="Failed"><Output><ErrorInfo><Message>m</Message></ErrorInfo></Output></UnitTestResult>
       </InnerResults></UnitTestResult>`,
      definition('1', 'C'),
      '<ResultSummary outcome="Failed"><Counters total="3" passed="1" failed="2"/></ResultSummary>',
    );

    expect(attemptsIn(report)).toMatchObject([
      { className: 'C', name: 'A (1)', status: 'PASSED' },
      { className: 'C', name: 'A (2)', status: 'FAILED', message: 'm' },
    ]);
    expect(warningsIn(report)).toEqual([]);
  });

  test('of a report that breaks off stand, with the class their full name tells', () => {
    const report =
      '<TestRun><Results><UnitTestResult testId="1" testName="N.C.A(x: 1.5)" outcome="Passed"/><UnitTestResult testId="2" testName="About 1.5 to 2" outcome="Passed"/><Unit';

    const events = readWith(createTrxReader(), [report]);

    expect(events).toMatchObject([
      { kind: 'SUITE', suite: 'N.C' },
      { kind: 'ATTEMPT', className: 'N.C', name: 'A(x: 1.5)' },
      { kind: 'SUITE', suite: '' },
      { kind: 'ATTEMPT', className: '', name: 'About 1.5 to 2' },
      { kind: 'WARNING', message: 'Results without the definition of their test: 2.' },
      { kind: 'PROBLEM', code: 'MALFORMED' },
    ]);
  });
});

describe('the run', () => {
  test('tells what happened outside of its tests, and counters that contradict the results', () => {
    const report = run(
      '<UnitTestResult testId="1" testName="A" outcome="Passed" duration="soon"/>',
      definition('1', 'C'),
      `<ResultSummary outcome="Failed"><Counters total="2" passed="1" failed="1"/>
       <RunInfos><RunInfo outcome="Error"><Text>The test host\n crashed</Text></RunInfo></RunInfos></ResultSummary>`,
    );

    expect(warningsIn(report)).toEqual([
      'UNREADABLE_VALUE: duration="soon" cannot be read.',
      'SKIPPED_ITEM: The run reports outside of its tests (Error): The test host crashed',
      'COUNTS_DIFFER: The report contradicts its cases: total 2 instead of 1, failed 1 instead of 0.',
    ]);
  });

  test('of hundreds of long results holds no more than a part of their texts', () => {
    const reader = createTrxReader();
    const failed = (id: number) =>
      `<UnitTestResult testId="${String(id)}" testName="N.C.T${String(id)}" outcome="Failed"><Output><ErrorInfo><Message>${'m'.repeat(60_000)}</Message></ErrorInfo></Output></UnitTestResult>`;
    reader.write('<TestRun><Results>');
    const before = process.memoryUsage().rss;

    const early = Array.from({ length: 400 }, (_, id) => reader.write(failed(id)).length);
    const peak = process.memoryUsage().rss;
    const rest = reader.end().filter((event) => event.kind === 'ATTEMPT');

    expect(early.every((events) => events === 0)).toBe(true);
    expect(rest).toHaveLength(400);
    expect(rest[0]).toMatchObject({ isTruncated: false });
    expect(rest[399]).toMatchObject({ isTruncated: true });
    expect(peak - before).toBeLessThan(150 * 1_048_576);
  }, 60_000);
});
