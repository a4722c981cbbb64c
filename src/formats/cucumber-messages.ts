import { createPickles, openEnvelope } from './cucumber-pickles.ts';
import { worstOf } from './cucumber-status.ts';
import { LONGEST_OUTPUT } from './failure-text.ts';
import { fieldOf, lineOf, numberOf, textOf, toInstant, toMicroseconds } from './json-values.ts';
import { createLinesReader } from './ndjson.ts';
import type { ReportEvent, ReportReader } from './report-events.ts';
import { ReportRefusal } from './report-refusal.ts';
import { createTestEvents, type FailureWords, type TestRun } from './test-events.ts';

const MOST_OPEN = 100_000;
const MOST_FAILURES = 100;

interface OpenCase {
  readonly testCaseId: string;
  readonly startedMs: number | undefined;
  /** Words of its steps, each kind once. */
  readonly words: Set<string>;
  readonly failures: FailureWords[];
  output: string;
}

/**
 * Makes the reader for Cucumber messages, one a line. Feature and rule are the suites of a scenario; a row of examples
 * is a test of its own, named after its table and row (` #1.2`); each start of a test case is an attempt. What does not parse, and a hook
 * of the whole run that failed, is an `ERRORED` attempt, and so is a test case that never finished.
 * Contract: github.com/cucumber/messages.
 */
export function createCucumberMessagesReader(): ReportReader {
  const events = createTestEvents();
  const pickles = createPickles();
  const open = new Map<string, OpenCase>();
  let isCucumber = false;

  function begin(started: unknown): void {
    if (open.size >= MOST_OPEN)
      throw new ReportRefusal('LIMIT', `More than ${MOST_OPEN} test cases are open at one time.`);
    open.set(textOf(started, 'id'), {
      testCaseId: textOf(started, 'testCaseId'),
      startedMs: toMilliseconds(fieldOf(started, 'timestamp')),
      words: new Set(),
      failures: [],
      output: '',
    });
  }

  function addStep(finished: unknown): void {
    const begun = open.get(textOf(finished, 'testCaseStartedId'));
    const result = fieldOf(finished, 'testStepResult');
    const word = textOf(result, 'status');
    if (begun == null || word === '') return;
    if (begun.words.size < MOST_FAILURES) begun.words.add(word);
    if (word !== 'PASSED' && begun.failures.length < MOST_FAILURES)
      begun.failures.push(failureOf(result));
  }

  function addOutput(attachment: unknown): void {
    const begun = open.get(textOf(attachment, 'testCaseStartedId'));
    if (begun == null || !/^text\/(x\.cucumber\.log\+)?plain/.test(textOf(attachment, 'mediaType')))
      return;
    if (textOf(attachment, 'contentEncoding') === 'BASE64' || begun.output.length > LONGEST_OUTPUT)
      return;
    begun.output += `${textOf(attachment, 'body').slice(0, LONGEST_OUTPUT + 1)}\n`;
  }

  function runOf(begun: OpenCase): Omit<TestRun, 'status' | 'statusRaw'> {
    const { startedMs, failures, output } = begun;
    return {
      ...(pickles.scenarioOf(begun.testCaseId) ?? { suites: [], name: begun.testCaseId }),
      failures,
      output: { out: output, err: '' },
      startedAt: toInstant(startedMs),
    };
  }

  function finish(finished: unknown): readonly ReportEvent[] {
    const id = textOf(finished, 'testCaseStartedId');
    const begun = open.get(id);
    open.delete(id);
    if (begun == null) return [];
    const finishedMs = toMilliseconds(fieldOf(finished, 'timestamp'));
    const durationMs = (finishedMs ?? Number.NaN) - (begun.startedMs ?? Number.NaN);
    const durationUs = toMicroseconds(Number.isNaN(durationMs) ? undefined : durationMs, 1_000);
    return events.attempt({ ...runOf(begun), ...worstOf([...begun.words]), durationUs });
  }

  function take(kind: string, message: unknown): readonly ReportEvent[] {
    if (kind === 'gherkinDocument') pickles.addDocument(message);
    else if (kind === 'pickle') pickles.addPickle(message);
    else if (kind === 'testCase') pickles.addTestCase(message);
    else if (kind === 'testCaseStarted') begin(message);
    else if (kind === 'testStepFinished') addStep(message);
    else if (kind === 'attachment') addOutput(message);
    else if (kind === 'testCaseFinished') return finish(message);
    else if (kind === 'parseError') return events.attempt(failureToParse(message));
    else if (kind === 'testRunHookFinished')
      return failedHook(message).flatMap((run) => events.attempt(run));
    return [];
  }

  return createLinesReader({
    line(item) {
      const [kind, message] = openEnvelope(item);
      isCucumber ||= KINDS.has(kind);
      return take(kind, message);
    },
    // Screenshots and videos.
    isNoise: (start) => start.startsWith('{"attachment":'),
    end: () =>
      [...open.values()].flatMap((begun) =>
        events.attempt({ ...runOf(begun), status: 'ERRORED', statusRaw: 'testCaseStarted' }),
      ),
    missing: () => (isCucumber ? undefined : 'No line is a message of Cucumber.'),
  });
}

/** Kinds that a run cannot do without; one of them is enough to know Cucumber. */
const KINDS: ReadonlySet<string> = new Set([
  'meta',
  'source',
  'gherkinDocument',
  'pickle',
  'testRunStarted',
  'testRunFinished',
  'testCase',
  'testCaseStarted',
  'parseError',
]);

function toMilliseconds(timestamp: unknown): number | undefined {
  const seconds = numberOf(timestamp, 'seconds');
  return seconds === undefined
    ? undefined
    : seconds * 1e3 + (numberOf(timestamp, 'nanos') ?? 0) / 1e6;
}

function failureOf(result: unknown): FailureWords {
  const exception = fieldOf(result, 'exception');
  const text = textOf(result, 'message');
  return {
    message: textOf(exception, 'message') || undefined,
    type: textOf(exception, 'type'),
    stack: textOf(exception, 'stackTrace') || text,
  };
}

function failureToParse(error: unknown): TestRun {
  const source = fieldOf(error, 'source');
  return {
    suites: [],
    name: 'Feature failed to parse',
    file: textOf(source, 'uri'),
    line: lineOf(fieldOf(source, 'location')),
    status: 'ERRORED',
    statusRaw: 'parseError',
    failures: [{ message: textOf(error, 'message') }],
  };
}

function failedHook(finished: unknown): readonly TestRun[] {
  const result = fieldOf(finished, 'result');
  if (textOf(result, 'status') !== 'FAILED') return [];
  return [
    {
      suites: [],
      name: 'Hook of the run failed',
      status: 'ERRORED',
      statusRaw: 'FAILED',
      failures: [failureOf(result)],
    },
  ];
}
