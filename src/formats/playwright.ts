import { describeStack } from './javascript-error.ts';
import { createJsonReader } from './json-report.ts';
import {
  fieldOf,
  itemsOf,
  lineOf,
  numberOf,
  textOf,
  textsOf,
  toMicroseconds,
} from './json-values.ts';
import type { Interest, JsonKind, JsonPath } from './json-walker.ts';
import { parseTimestamp } from './junit-values.ts';
import { FAILED_TO_RUN } from './jest.ts';
import type { AttemptStatus, Properties, ReportEvent, ReportReader } from './report-events.ts';
import { createWarnings } from './report-warnings.ts';
import { createTestEvents, type FailureWords, type TestRun } from './test-events.ts';

const MICROSECONDS_PER_MILLISECOND = 1_000;

/** Files in base64, and steps, which repeat what the errors say. */
const IGNORED_KEYS: ReadonlySet<string> = new Set(['attachments', 'steps']);

/** A test that ran out of time or whose run was stopped was not judged: an error, as in TRX. */
const STATUSES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['passed', 'PASSED'],
  ['failed', 'FAILED'],
  ['timedOut', 'ERRORED'],
  ['interrupted', 'ERRORED'],
  ['skipped', 'SKIPPED'],
]);

/**
 * Makes the reader for one JSON report of Playwright (`--reporter=json`). The file and every `describe` around a test
 * are its suites, each result is an attempt, and the project is the property `project`: tests of two projects are counted apart. A
 * test that was expected to fail and did has `PASSED`, with the word of the report in `statusRaw`.
 *
 * The title of a suite is read where Playwright writes it, before what the suite holds. An error outside of any test is an `ERRORED` attempt.
 */
export function createPlaywrightReader(): ReportReader {
  const events = createTestEvents();
  const warnings = createWarnings();
  const titles: string[] = [];
  let hasSuites = false;

  function open(path: JsonPath, kind: JsonKind): Interest {
    if (path.length === 1 && path[0] === 'suites' && kind === 'ARRAY') hasSuites = true;
    const interest = interestIn(path);
    if (interest === 'ENTER' && typeof path.at(-1) === 'number') {
      titles.length = path.length / 2 - 1;
      titles.push('');
    }
    return interest;
  }

  function readSpec(spec: unknown): readonly ReportEvent[] {
    if (textOf(spec, 'title') === '') {
      warnings.add('SKIPPED_ITEM', 'Specs without a title were skipped');
      return [];
    }
    return itemsOf(spec, 'tests').flatMap((test) =>
      runsOf(spec, test, titles).flatMap((run) => events.attempt(run)),
    );
  }

  return createJsonReader({
    ignoredKeys: IGNORED_KEYS,
    open,
    value(path, value) {
      if (path[0] === 'errors') return events.attempt(failureToRun(value));
      if (path.at(-1) !== 'title') {
        titles.length = path.length / 2 - 1;
        return readSpec(value);
      }
      if (typeof value === 'string') titles[(path.length - 1) / 2 - 1] = value;
      return [];
    },
    end: () => warnings.events(),
    missing: () =>
      hasSuites ? undefined : 'The JSON has no suites, which a report of Playwright has.',
  });
}

/** Reads `errors.*` and, inside any number of `suites.*`, `title` and `specs.*`. */
function interestIn(path: JsonPath): Interest {
  if (path[0] === 'errors') return path.length === 2 ? 'READ' : 'ENTER';
  const inner = path.findIndex((key, index) => index % 2 === 0 && key !== 'suites');
  if (inner === -1) return 'ENTER';
  const isSpec = path[inner] === 'specs' && inner > 0;
  if (isSpec) return path.length === inner + 2 ? 'READ' : 'ENTER';
  return path[inner] === 'title' && inner > 0 && path.length === inner + 1 ? 'READ' : 'SKIP';
}

/** The attempts of a test in order; a test that did not run has one. */
function runsOf(spec: unknown, test: unknown, titles: readonly string[]): readonly TestRun[] {
  const project = textOf(test, 'projectName') || textOf(test, 'projectId');
  const whole = {
    suites: [...titles],
    name: textOf(spec, 'title'),
    file: textOf(spec, 'file'),
    line: lineOf(spec),
    variant: project,
    properties: propertiesOf(spec, project),
  };
  const expected = textOf(test, 'expectedStatus') || 'passed';
  const results = itemsOf(test, 'results');
  if (results.length === 0)
    return [{ ...whole, status: 'SKIPPED', statusRaw: textOf(test, 'status') || 'skipped' }];
  return results.map((result) => ({ ...whole, ...outcomeOf(result, expected) }));
}

function propertiesOf(spec: unknown, project: string): Properties {
  const tags = textsOf(spec, 'tags').join(', ');
  return { ...(project !== '' && { project }), ...(tags !== '' && { tags }) };
}

function outcomeOf(result: unknown, expected: string): Omit<TestRun, 'suites' | 'name'> {
  const word = textOf(result, 'status');
  return {
    status: statusOf(word, expected),
    statusRaw: word || 'unknown',
    durationUs: toMicroseconds(numberOf(result, 'duration'), MICROSECONDS_PER_MILLISECOND),
    failures: failuresOf(result, expected),
    output: { out: printed(result, 'stdout'), err: printed(result, 'stderr') },
    startedAt: parseTimestamp(textOf(result, 'startTime')),
  };
}

function statusOf(word: string, expected: string): AttemptStatus {
  if (word === 'skipped') return 'SKIPPED';
  if (word === expected) return 'PASSED';
  if (word === 'passed') return 'FAILED';
  return STATUSES.get(word) ?? 'OTHER';
}

function failuresOf(result: unknown, expected: string): readonly FailureWords[] {
  if (textOf(result, 'status') === 'passed' && expected !== 'passed')
    return [{ message: `Expected to be ${expected}, but passed.` }];
  const errors = itemsOf(result, 'errors');
  const told = errors.length > 0 ? errors : [fieldOf(result, 'error')];
  return told.map(toFailure);
}

function toFailure(error: unknown): FailureWords {
  const message = textOf(error, 'message') || textOf(error, 'value');
  const stack = textOf(error, 'stack');
  return stack === '' ? describeStack(message) : { ...describeStack(stack), message };
}

/** What a result printed: texts, and buffers in base64. */
function printed(result: unknown, key: string): string {
  const pieces = itemsOf(result, key).map(
    (piece) => textOf(piece, 'text') || Buffer.from(textOf(piece, 'buffer'), 'base64').toString(),
  );
  return pieces.join('');
}

function failureToRun(error: unknown): TestRun {
  const location = fieldOf(error, 'location');
  return {
    suites: [],
    name: FAILED_TO_RUN,
    file: textOf(location, 'file'),
    line: lineOf(location),
    status: 'ERRORED',
    statusRaw: 'errors',
    failures: [toFailure(error)],
  };
}
