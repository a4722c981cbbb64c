import { createJsonReader } from './json-report.ts';
import { createCounts } from './json-counts.ts';
import { selectPaths } from './json-paths.ts';
import {
  fieldOf,
  itemsOf,
  lineOf,
  numberOf,
  textOf,
  textsOf,
  toMicroseconds,
} from './json-values.ts';
import type { AttemptStatus, ReportEvent, ReportReader } from './report-events.ts';
import { createWarnings } from './report-warnings.ts';
import { createTestEvents, type TestRun } from './test-events.ts';

const MICROSECONDS_PER_SECOND = 1_000_000;

const STATUSES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['passed', 'PASSED'],
  ['failed', 'FAILED'],
  ['pending', 'SKIPPED'],
]);

/** The total of the summary, beside that of all examples, in which a status counts. */
const COUNTED_IN: ReadonlyMap<AttemptStatus, string> = new Map([
  ['FAILED', 'failure_count'],
  ['SKIPPED', 'pending_count'],
]);

/**
 * Makes the reader for one JSON report of RSpec (`--format json`). The suite is what `full_description` has before
 * `description`, since the report does not part nested groups. Errors outside of examples, e.g. a file that does
 * not load, are one `ERRORED` attempt with the messages of the report.
 */
export function createRspecReader(): ReportReader {
  const events = createTestEvents();
  const warnings = createWarnings();
  const counts = createCounts(['example_count', ...COUNTED_IN.values()]);
  const select = selectPaths(['examples.*', 'summary', 'messages']);
  let hasExamples = false;
  let summary: unknown;
  let messages: readonly string[] = [];

  function readExample(example: unknown): readonly ReportEvent[] {
    const run = runOf(example);
    if (run.name === '' || run.statusRaw === '') {
      warnings.add('SKIPPED_ITEM', 'Examples without a description or a status were skipped');
      return [];
    }
    counts.add('example_count');
    counts.add(COUNTED_IN.get(run.status) ?? '');
    return events.attempt(run);
  }

  function outsideOfExamples(): readonly ReportEvent[] {
    if ((numberOf(summary, 'errors_outside_of_examples_count') ?? 0) === 0) return [];
    return events.attempt({
      suites: [],
      name: 'Errors outside of examples',
      status: 'ERRORED',
      statusRaw: 'errors_outside_of_examples',
      failures: messages.map((stack) => ({ stack })),
    });
  }

  return createJsonReader({
    open(path, kind) {
      if (path.length === 1 && path[0] === 'examples' && kind === 'ARRAY') hasExamples = true;
      return select(path);
    },
    value(path, value) {
      if (path[0] === 'examples') return readExample(value);
      if (path[0] === 'summary') summary = value;
      else messages = textsOf({ value }, 'value');
      return [];
    },
    end: () => [...outsideOfExamples(), ...warnings.events(), ...counts.compare(summary)],
    missing: () =>
      hasExamples ? undefined : 'The JSON has no examples, which a report of RSpec has.',
  });
}

function runOf(example: unknown): TestRun {
  const word = textOf(example, 'status');
  const exception = fieldOf(example, 'exception');
  const backtrace = itemsOf(exception, 'backtrace').filter((frame) => typeof frame === 'string');
  return {
    suites: [suiteOf(example)],
    name: textOf(example, 'description') || textOf(example, 'full_description'),
    file: textOf(example, 'file_path'),
    line: lineOf(example, 'line_number'),
    status: STATUSES.get(word) ?? 'OTHER',
    statusRaw: word,
    durationUs: toMicroseconds(numberOf(example, 'run_time'), MICROSECONDS_PER_SECOND),
    failures: [
      {
        message: textOf(exception, 'message') || textOf(example, 'pending_message'),
        type: textOf(exception, 'class'),
        stack: backtrace.join('\n'),
      },
    ],
  };
}

function suiteOf(example: unknown): string {
  const description = textOf(example, 'description');
  const full = textOf(example, 'full_description');
  return description !== '' && full.endsWith(description)
    ? full.slice(0, -description.length).trim()
    : '';
}
