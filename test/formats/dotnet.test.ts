import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createNunit2Reader } from '../../src/formats/nunit2.ts';
import { createNunit3Reader } from '../../src/formats/nunit3.ts';
import type { ReportEvent, ReportReader } from '../../src/formats/report-events.ts';
import { createXunitReader } from '../../src/formats/xunit.ts';
import { readWith } from './read-report.ts';

function readFixture(reader: ReportReader, path: string): readonly ReportEvent[] {
  return readWith(reader, [readFileSync(new URL(`../fixtures/${path}`, import.meta.url))]);
}

/** One line for each event: what it is, and what decided it. */
function outline(events: readonly ReportEvent[]): readonly string[] {
  return events.map((event) => {
    switch (event.kind) {
      case 'SUITE':
        return `suite ${event.suite}`;
      case 'ATTEMPT':
        return `${event.status} ${event.className}: ${event.name} (${event.statusRaw}, ${String(event.durationUs)})`;
      case 'WARNING':
      case 'PROBLEM':
        return `${event.kind} ${event.code} ${event.message}`;
    }
  });
}

function attemptsOf(events: readonly ReportEvent[]) {
  return events.filter((event) => event.kind === 'ATTEMPT');
}

describe('NUnit 2', () => {
  test('a report of NUnit 2.6 is read case by case', () => {
    const events = readFixture(createNunit2Reader(), 'nunit2/nunit-2.6.xml');

    expect(outline(events)).toEqual([
      'suite Shop.Tests.dll',
      'suite Shop.Tests.dll > Shop',
      'suite Shop.Tests.dll > Shop > BasketTests',
      'PASSED Shop.BasketTests: IsEmptyAtFirst (Success, 16000)',
      'FAILED Shop.BasketTests: SumsUp (Failure, 13000)',
      'ERRORED Shop.BasketTests: Checkout (Error, 4000)',
      'SKIPPED Shop.BasketTests: Coupons (Ignored, null)',
      'SKIPPED Shop.BasketTests: Private (NotRunnable, null)',
      'OTHER Shop.BasketTests: NeedsNetwork (Inconclusive, 1000)',
      'suite Shop.Tests.dll > Shop > BasketTests > Rounds',
      'PASSED Shop.BasketTests: Rounds(1.005d,"1.01") (Success, 1000)',
      'PASSED Shop.BasketTests: Rounds(2.5d,"a.b(c)") (Success, 0)',
    ]);
    expect(attemptsOf(events)[0]).toMatchObject({
      properties: { Severity: 'Critical', Category: 'Smoke, Basket' },
      suiteProperties: { _PID: '4242' },
      startedAt: new Date('2014-03-05T14:07:31Z'),
    });
    expect(attemptsOf(events)[2]).toMatchObject({
      message: 'System.InvalidOperationException : The basket is empty',
      failureType: 'System.InvalidOperationException',
      stackTrace: 'at Shop.Basket.Checkout() in C:\\agent\\work\\shop\\Basket.cs:line 77',
    });
    expect(attemptsOf(events)[3]).toMatchObject({ message: 'not before summer', stackTrace: null });
  });

  test('a report of NUnit 2.4 is read by what was executed and succeeded', () => {
    const events = readFixture(createNunit2Reader(), 'nunit2/nunit-2.4.xml');

    expect(outline(events)).toEqual([
      'suite Shop.Tests.dll',
      'suite Shop.Tests.dll > Shop',
      'suite Shop.Tests.dll > Shop > PriceTests',
      'PASSED Shop.PriceTests: Adds (success=True, 16000)',
      'FAILED Shop.PriceTests: Divides (success=False, 15000)',
      'SKIPPED Shop.PriceTests: Taxes (executed=False, null)',
    ]);
  });

  test('counters that contradict the cases are told', () => {
    const report =
      '<test-results total="9" failures="0"><test-suite name="s"><results><test-case name="a.b" result="Failure"/></results></test-suite></test-results>';

    expect(outline(readWith(createNunit2Reader(), [report]))).toContain(
      'WARNING COUNTS_DIFFER The report contradicts its cases: total 9 instead of 1, failures 0 instead of 1.',
    );
  });
});

describe('xUnit.net', () => {
  test('a report of xUnit.net 2 is read test by test', () => {
    const events = readFixture(createXunitReader(), 'xunit/xunit-2.xml');

    expect(outline(events)).toEqual([
      'suite Shop.Tests.dll',
      'WARNING SKIPPED_ITEM The suite "Shop.Tests.dll" has an error outside of its tests (test-class-cleanup of Shop.BasketTests): System.ObjectDisposedException : Cannot access a disposed object.',
      'suite Shop.Tests.dll > Test collection for Shop.BasketTests',
      'PASSED Shop.BasketTests: IsEmptyAtFirst (Pass, 10451)',
      'FAILED Shop.BasketTests: SumsUp(price: 12.5, note: "a.b") (Fail, 2000)',
      'PASSED Shop.BasketTests: SumsUp(price: 1, note: null) (Pass, 100)',
      'FAILED Shop.BasketTests: The basket checks out (Fail, 1204500000)',
      'suite Shop.Tests.dll > Test collection for Shop.PriceTests',
      'SKIPPED Shop.PriceTests: Taxes (Skip, 0)',
      'suite Empty.Tests.dll',
    ]);
    expect(attemptsOf(events)[0]).toMatchObject({
      properties: { Category: 'Smoke, Basket', Owner: 'shop' },
      output: null,
      startedAt: new Date('2023-05-14T08:30:11Z'),
    });
    expect(attemptsOf(events)[1]).toMatchObject({
      message: 'Assert.Equal() Failure\nExpected: 12.5\nActual:   12',
      failureType: 'Xunit.Sdk.EqualException',
      output: 'adding 12.5',
    });
    expect(attemptsOf(events)[4]).toMatchObject({ message: 'later' });
  });

  test('a report of xUnit.net 3 has place and start of each test, and no ids in its suites', () => {
    const events = readFixture(createXunitReader(), 'xunit/xunit-3.xml');

    expect(outline(events)).toEqual([
      'suite Shop.Tests.dll',
      'suite Shop.Tests.dll > Test collection for Shop.StockTests',
      'PASSED Shop.StockTests: Refills (Pass, 200000)',
      'FAILED Shop.StockTests: Runs out (Fail, 50000)',
      'SKIPPED Shop.StockTests: Explicit (NotRun, 0)',
    ]);
    expect(attemptsOf(events)[0]).toMatchObject({
      file: '/home/agent/shop/StockTests.cs',
      line: 17,
      startedAt: new Date('2025-02-03T10:00:00.750Z'),
    });
    expect(attemptsOf(events)[1]?.startedAt).toEqual(new Date('2025-02-03T10:00:00.500Z'));
  });
});

describe('NUnit 3', () => {
  test('texts, labels and properties come from where they stand', () => {
    const [first] = attemptsOf(readFixture(createNunit3Reader(), 'junit/dorny/dotnet-nunit.xml'));

    expect(first).toMatchObject({
      suite: 'DotnetTests.NUnitV3Tests.dll > DotnetTests > XUnitTests > CalculatorTests',
      className: 'DotnetTests.XUnitTests.CalculatorTests',
      name: 'Exception_In_TargetTest',
      status: 'ERRORED',
      statusRaw: 'Failed:Error',
      durationUs: 22_805,
      message: 'System.DivideByZeroException : Attempted to divide by zero.',
      failureType: 'System.DivideByZeroException',
      startedAt: new Date('2021-06-28T20:23:41.468Z'),
      suiteProperties: { _PID: '30996', _APPDOMAIN: 'nunit3-console' },
    });
  });

  test('early reports have the class in the full name, and the date apart from the time', () => {
    const attempts = attemptsOf(
      readFixture(createNunit3Reader(), 'junit/dorny/external/nunit-sample.xml'),
    );

    expect(attempts[0]).toMatchObject({
      className: 'NUnit.Tests.Assemblies.MockTestFixture',
      name: 'FailingTest',
      startedAt: new Date('2011-07-26T11:34:27Z'),
      suiteProperties: { Category: 'FixtureCategory', _APPDOMAIN: 'test-domain-mock-assembly.dll' },
    });
    expect(attempts.find(({ name }) => name === 'MockTest4')).toMatchObject({
      status: 'SKIPPED',
      statusRaw: 'Skipped:Ignored',
      message: 'ignoring this test method for now',
      properties: { Category: 'Foo' },
    });
  });

  test('a bare suite is read; warnings pass, and what broke in a tear-down is told', () => {
    const report = `<test-suite type="TestFixture" name="F" result="Failed" site="TearDown" total="2" passed="1" warnings="1" failed="0">
      <failure><message>System.Exception : disk full</message></failure>
      <test-case name="A" fullname="N.F.A" classname="N.F" result="Warning"><assertions><assertion result="Warning"><message>slow</message></assertion></assertions><output>hm</output></test-case>
      <test-case name="B(&quot;x.y&quot;)" fullname="N.F.B(&quot;x.y&quot;)" result="Passed"/>
    </test-suite>`;

    const events = readWith(createNunit3Reader(), [report]);

    expect(outline(events)).toEqual([
      'suite F',
      'WARNING SKIPPED_ITEM The suite "F" failed in its TearDown: System.Exception : disk full',
      'PASSED N.F: A (Warning, null)',
      'PASSED N.F: B("x.y") (Passed, null)',
    ]);
    expect(attemptsOf(events)[0]).toMatchObject({ message: 'slow', output: null });
  });
});
