import { parseTimestamp } from './junit-values.ts';
import type { ReportReader } from './report-events.ts';
import { createPendingResults } from './trx-pending.ts';
import { toTrxDefinition, toTrxResult, TRX_DEFINITIONS, TRX_RESULTS } from './trx-result.ts';
import { casesIn, createTally } from './xml-counts.ts';
import type { Attributes } from './xml-document.ts';
import { createXmlReportReader, quote, type ReportSink } from './xml-report.ts';
import { tellContradictions } from './xml-suites.ts';
import { childAt, textIn, type XmlElement, type XmlTreeReader } from './xml-tree.ts';

/**
 * Makes a reader for one TRX report (Visual Studio, `dotnet test --logger trx`). The suites are the classes.
 *
 * The class of a test stands in its definition, after all results: up to 100,000 results are held until then. Of a data-driven test
 * each row is a test, and the result around the rows is none.
 */
export function createTrxReader(): ReportReader {
  return createXmlReportReader({
    title: 'TRX',
    roots: ['TestRun'],
    createTreeReader: createTrxTreeReader,
  });
}

function createTrxTreeReader(sink: ReportSink): XmlTreeReader & { finish(): void } {
  const pending = createPendingResults(sink);
  let run = startRun();

  function takeResult(element: XmlElement): void {
    if (element.hasInner) {
      run.hasInner = true;
      return;
    }
    const result = toTrxResult(sink, element, run.startedAt);
    run.tally[result.attempt.status] += 1;
    pending.add(result);
  }

  return {
    parts: [...TRX_DEFINITIONS, 'Times', 'Counters', 'RunInfo'],
    cases: TRX_RESULTS,
    enter: () => undefined,
    leave(name) {
      if (name === 'TestDefinitions') pending.release();
      if (name !== 'TestRun') return;
      pending.release();
      pending.forget();
      // The counters of data-driven tests count rows in some versions, tests in others, or both.
      if (!run.hasInner)
        tellContradictions(sink, { path: '', attributes: run.counters }, countsOf(run));
      run = startRun();
    },
    take(element) {
      if (TRX_RESULTS.includes(element.name)) takeResult(element);
      if (TRX_DEFINITIONS.includes(element.name)) pending.define(toTrxDefinition(element));
      if (element.name === 'Counters') run.counters = element.attributes;
      if (element.name === 'RunInfo') tellRunInfo(sink, element);
      if (element.name === 'Times')
        run.startedAt = sink.read(parseTimestamp, 'start', element.attributes['start']);
    },
    finish: pending.release,
  };
}

/** What is known of the run that is read. */
interface Run {
  startedAt: Date | null;
  counters: Attributes;
  hasInner: boolean;
  readonly tally: ReturnType<typeof createTally>;
}

function startRun(): Run {
  return { startedAt: null, counters: {}, hasInner: false, tally: createTally() };
}

function countsOf({ tally }: Run): Record<string, readonly number[]> {
  return {
    total: [casesIn(tally)],
    passed: [tally.PASSED],
    failed: [tally.FAILED, tally.FAILED + tally.ERRORED],
  };
}

/** What happened outside of the tests, e.g. a test host that crashed: the run failed, and no test says so. */
function tellRunInfo(sink: ReportSink, info: XmlElement): void {
  const { outcome = 'no outcome' } = info.attributes;
  const text = quote(textIn(childAt(info, 'Text')), 500);
  sink.warn('SKIPPED_ITEM', `The run reports outside of its tests (${quote(outcome)}): ${text}`);
}
