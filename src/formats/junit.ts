import { attemptsOfCase, statusOfCase } from './junit-case.ts';
import { parseTimestamp } from './junit-values.ts';
import type { ReportEvent, ReportReader, ReportSource } from './report-events.ts';
import { casesIn } from './xml-counts.ts';
import type { Attributes } from './xml-document.ts';
import { createXmlReportReader, type ReportSink } from './xml-report.ts';
import { createSuites, tellContradictions, type Suite } from './xml-suites.ts';
import type { XmlTreeReader } from './xml-tree.ts';

/**
 * Reads a JUnit XML report piece by piece and gives its suites and attempts in document order. Never throws
 * on what it reads: a report that breaks off gives a `PROBLEM` after everything before the break.
 *
 * A test is the same test when suite, class, name and file are; suites nested in each other count with all their names, since
 * tools repeat inner names (`unit > TestA`, `integration > TestA`). Retries inside a case (`flakyFailure`, `rerunError`,
 * ...) are attempts before the case's own outcome, and a repeated case is a further attempt.
 * Contract: buildpulse.md 8.3.
 */
export async function* readJunit(
  source: ReportSource,
): AsyncGenerator<ReportEvent, void, undefined> {
  const reader = createJunitReader();
  for await (const chunk of source) yield* reader.write(chunk);
  yield* reader.end();
}

/** Makes a reader for one JUnit XML report; see `readJunit`. */
export function createJunitReader(): ReportReader {
  return createXmlReportReader({
    title: 'JUnit XML',
    roots: ['testsuites', 'testsuite'],
    createTreeReader: createJunitTreeReader,
  });
}

function createJunitTreeReader(sink: ReportSink): XmlTreeReader {
  const suites = createSuites(sink);

  function openSuite(name: string | undefined, attributes: Attributes): Suite {
    const startedAt = sink.read(parseTimestamp, 'timestamp', attributes['timestamp']);
    return suites.open({ name, file: attributes['file'], startedAt, attributes });
  }

  return {
    parts: ['properties'],
    cases: ['testcase'],
    enter(name, attributes) {
      if (name === 'testsuites') openSuite(undefined, attributes);
      if (name === 'testsuite') sink.beginSuite(openSuite(attributes['name'], attributes).path);
    },
    leave(name) {
      if (name !== 'testsuites' && name !== 'testsuite') return;
      const suite = suites.close();
      tellContradictions(sink, suite, countsOf(suite, name));
    },
    take(element) {
      if (element.name === 'properties') {
        suites.addProperties(element);
        return;
      }
      suites.countCase(statusOfCase(element).status);
      attemptsOfCase(sink, suites.current(), element).forEach(sink.addAttempt);
    },
  };
}

/** Some tools count the cases of the suites inside, some do not; both are right. */
function countsOf({ own, all }: Suite, element: string): Record<string, readonly number[]> {
  const tallies = element === 'testsuites' ? [all] : [all, own];
  return {
    tests: tallies.map(casesIn),
    failures: tallies.map(({ FAILED }) => FAILED),
    errors: tallies.map(({ ERRORED }) => ERRORED),
    skipped: tallies.map(({ SKIPPED }) => SKIPPED),
  };
}
