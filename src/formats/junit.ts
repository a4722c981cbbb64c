import { createAttemptCounter } from './count-attempts.ts';
import { createFailureText, describeFailures, type Failure } from './failure-text.ts';
import { parseDurationUs, parseTimestamp } from './junit-values.ts';
import type {
  AttemptEvent,
  AttemptStatus,
  ReportEvent,
  ReportReader,
  ReportSource,
} from './report-events.ts';
import { createXmlStream } from './xml-stream.ts';

type Attributes = Readonly<Record<string, string>>;

/** Retries that Surefire, Gradle and nextest write inside a case: attempts that failed before the final one. */
const RETRIES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['flakyFailure', 'FAILED'],
  ['flakyError', 'ERRORED'],
  ['rerunFailure', 'FAILED'],
  ['rerunError', 'ERRORED'],
]);

/** What decides the outcome of a case, strongest first. */
const VERDICTS: readonly (readonly [element: string, status: AttemptStatus])[] = [
  ['error', 'ERRORED'],
  ['failure', 'FAILED'],
  ['skipped', 'SKIPPED'],
];

const NOT_RUN: readonly string[] = ['disabled', 'notrun'];

const OUTPUTS: readonly string[] = ['system-out', 'system-err'];

interface Suite {
  readonly names: readonly string[];
  readonly file: string;
  readonly timestamp: string | undefined;
}

interface Outcome extends Failure {
  readonly element: string;
  readonly attributes: Attributes;
}

interface Case {
  readonly suite: Suite;
  readonly attributes: Attributes;
  readonly outcomes: Outcome[];
}

/** What an open element is to the reader; its place in the stack tells where a child stands. */
type Place = 'ROOT' | 'SUITE' | 'CASE' | 'OUTCOME' | 'OUTPUT' | 'OTHER';

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
  const countAttempt = createAttemptCounter();
  const places: Place[] = [];
  const suites: Suite[] = [{ names: [], file: '', timestamp: undefined }];
  const cases: Case[] = [];
  let outcome: Outcome | undefined;
  let events: ReportEvent[] = [];

  function openSuite(attributes: Attributes): void {
    const parent = currentSuite();
    const suite: Suite = {
      names: attributes['name'] ? [...parent.names, attributes['name']] : parent.names,
      file: attributes['file'] || parent.file,
      timestamp: attributes['timestamp'] || parent.timestamp,
    };
    suites.push(suite);
    events.push({ kind: 'SUITE', suite: suite.names.join(' > ') });
  }

  function currentSuite(): Suite {
    return suites.at(-1) ?? { names: [], file: '', timestamp: undefined };
  }

  function openElement(name: string, attributes: Attributes): Place {
    if (places.includes('OUTCOME')) return OUTPUTS.includes(name) ? 'OUTPUT' : 'OTHER';
    switch (name) {
      case 'testsuites':
        suites.push({ ...currentSuite(), timestamp: attributes['timestamp'] });
        return 'ROOT';
      case 'testsuite':
        openSuite(attributes);
        return 'SUITE';
      case 'testcase':
        cases.push({ suite: currentSuite(), attributes, outcomes: [] });
        return 'CASE';
      default:
        if (places.at(-1) !== 'CASE' || !isOutcome(name)) return 'OTHER';
        outcome = openOutcome(name, attributes);
        cases.at(-1)?.outcomes.push(outcome);
        return 'OUTCOME';
    }
  }

  function closeCase(): void {
    const closed = cases.pop();
    if (closed == null) return;
    for (const attempt of attemptsOf(closed)) {
      events.push({ ...attempt, attempt: countAttempt(attempt) });
    }
  }

  const xml = createXmlStream({
    open(name, attributes) {
      if (places.length === 0 && name !== 'testsuites' && name !== 'testsuite') {
        xml.refuse(
          'WRONG_FORMAT',
          `The root element is <${name}>; JUnit XML begins with <testsuites> or <testsuite>.`,
        );
      }
      places.push(openElement(name, attributes));
    },
    close() {
      const place = places.pop();
      if (place === 'ROOT' || place === 'SUITE') suites.pop();
      if (place === 'CASE') closeCase();
      if (place === 'OUTCOME') outcome = undefined;
    },
    text(piece) {
      if (!places.includes('OUTPUT')) outcome?.body.add(piece);
    },
  });

  function takeEvents(): readonly ReportEvent[] {
    const taken = events;
    events = [];
    return taken;
  }

  return {
    write(chunk) {
      xml.write(chunk);
      return takeEvents();
    },
    end() {
      xml.end();
      const problem = xml.problem();
      return problem == null ? takeEvents() : [...takeEvents(), problem];
    },
  };
}

function openOutcome(element: string, attributes: Attributes): Outcome {
  const { message, type } = attributes;
  return { element, attributes, message, type, body: createFailureText() };
}

function isOutcome(element: string): boolean {
  return RETRIES.has(element) || VERDICTS.some(([verdict]) => verdict === element);
}

function attemptsOf(testCase: Case): Omit<AttemptEvent, 'attempt'>[] {
  const retries = testCase.outcomes.flatMap((outcome) => {
    const status = RETRIES.get(outcome.element);
    if (status == null) return [];
    return [
      toAttempt(testCase, {
        status,
        statusRaw: outcome.element,
        run: outcome.attributes,
        outcomes: [outcome],
      }),
    ];
  });
  return [...retries, finalAttempt(testCase)];
}

/** The first kind of outcome that is there decides; every outcome of the case gives its text. */
function finalAttempt(testCase: Case): Omit<AttemptEvent, 'attempt'> {
  const { attributes: run } = testCase;
  const outcomes = testCase.outcomes.filter(({ element }) => !RETRIES.has(element));
  for (const [element, status] of VERDICTS) {
    if (outcomes.some((outcome) => outcome.element === element)) {
      return toAttempt(testCase, { status, statusRaw: element, run, outcomes });
    }
  }
  const statusRaw = run['status'] || 'passed';
  const status = NOT_RUN.includes(statusRaw.toLowerCase()) ? 'SKIPPED' : 'PASSED';
  return toAttempt(testCase, { status, statusRaw, run, outcomes });
}

interface Verdict extends Pick<AttemptEvent, 'status' | 'statusRaw'> {
  /** Attributes that may hold the attempt's own time. */
  readonly run: Attributes;
  readonly outcomes: readonly Outcome[];
}

function toAttempt(testCase: Case, verdict: Verdict): Omit<AttemptEvent, 'attempt'> {
  const { suite, attributes } = testCase;
  const timestamp = verdict.run['timestamp'] ?? attributes['timestamp'] ?? suite.timestamp;
  return {
    kind: 'ATTEMPT',
    suite: suite.names.join(' > '),
    className: attributes['classname'] ?? '',
    name: attributes['name'] ?? '',
    file: attributes['file'] || suite.file,
    status: verdict.status,
    statusRaw: verdict.statusRaw,
    durationUs: parseDurationUs(verdict.run['time']),
    ...describeFailures(verdict.outcomes),
    startedAt: parseTimestamp(timestamp),
    output: null,
    line: null,
    properties: {},
    suiteProperties: {},
  };
}
