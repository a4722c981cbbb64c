import { hash } from 'node:crypto';
import { createAttemptCounter } from './count-attempts.ts';
import { describeFailures, describeOutput, toFailure } from './failure-text.ts';
import type { AttemptEvent, Properties, ReportEvent } from './report-events.ts';

/** What a report says of one failure. */
export interface FailureWords {
  readonly message?: string | undefined;
  readonly type?: string | undefined;
  readonly stack?: string | undefined;
}

/** One attempt of one test as a JSON format tells it; what a format does not tell is left out. */
export interface TestRun extends Pick<AttemptEvent, 'name' | 'status' | 'statusRaw'> {
  /** Names of the suites around the test, outermost first; empty names are passed over. */
  readonly suites: readonly string[];
  readonly file?: string;
  readonly line?: number | null;
  /** What else tells this test from others, e.g. its browser: attempts are counted for each by itself. */
  readonly variant?: string;
  readonly durationUs?: number | null;
  readonly failures?: readonly FailureWords[];
  /** What the attempt printed; dropped when it passed. */
  readonly output?: { readonly out: string; readonly err: string };
  /** True when the reader itself already cut something. */
  readonly isTruncated?: boolean;
  readonly startedAt?: Date | null;
  readonly properties?: Properties;
  readonly suiteProperties?: Properties;
}

/** Makes the events of one report. */
export interface TestEvents {
  /** Gives the event of a suite, once for each name. */
  suite(suites: readonly string[]): readonly ReportEvent[];
  /** Gives the event of an attempt, after that of its suite when that is new. */
  attempt(run: TestRun): readonly ReportEvent[];
}

const NONE: Properties = {};
const NO_OUTPUT = { out: '', err: '' };

/** Makes the events of one report; numbers attempts of the same test in the order in which they come. */
export function createTestEvents(): TestEvents {
  const countAttempt = createAttemptCounter();
  // 48 bits of a hash, as in the attempt counter: names of a million suites would not be bounded.
  const seen = new Set<number>();
  let latest = '';

  function suite(suites: readonly string[]): readonly ReportEvent[] {
    const name = suiteName(suites);
    if (name === latest || name === '') return [];
    latest = name;
    const key = hash('sha1', name, 'buffer').readUIntBE(0, 6);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ kind: 'SUITE', suite: name }];
  }

  return {
    suite,
    attempt(run) {
      const identity = {
        suite: suiteName(run.suites),
        className: run.variant ?? '',
        name: run.name,
        file: run.file ?? '',
      };
      const attempt = toAttempt(run, identity.suite, countAttempt(identity));
      const begun = suite(run.suites);
      return begun.length === 0 ? [attempt] : [...begun, attempt];
    },
  };
}

function suiteName(suites: readonly string[]): string {
  return suites.filter(Boolean).join(' > ');
}

/** Field by field: spreading objects took half of the time. */
function toAttempt(run: TestRun, suite: string, attempt: number): AttemptEvent {
  const failures = (run.failures ?? []).filter(saysSomething);
  const told = describeFailures(
    failures.map(({ message, type, stack }) => toFailure({ message, type, body: stack })),
  );
  const { output, isTruncated } = describeOutput(run.status, run.output ?? NO_OUTPUT);
  return {
    kind: 'ATTEMPT',
    suite,
    className: '',
    name: run.name,
    file: run.file ?? '',
    line: run.line ?? null,
    status: run.status,
    statusRaw: run.statusRaw,
    durationUs: run.durationUs ?? null,
    message: told.message,
    failureType: told.failureType,
    stackTrace: told.stackTrace,
    output,
    isTruncated: told.isTruncated || isTruncated || run.isTruncated === true,
    attempt,
    startedAt: run.startedAt ?? null,
    properties: run.properties ?? NONE,
    suiteProperties: run.suiteProperties ?? NONE,
  };
}

function saysSomething({ message, stack }: FailureWords): boolean {
  return (message ?? '') !== '' || (stack ?? '') !== '';
}
