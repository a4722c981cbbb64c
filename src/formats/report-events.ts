/** What a reader of test reports gives, in document order, whatever the format. */
export type ReportEvent = SuiteEvent | AttemptEvent | ProblemEvent;

/** A suite begins. Suites without a case give this event and nothing else. */
export interface SuiteEvent {
  readonly kind: 'SUITE';
  /** Names of the suite and of those around it, outermost first, joined by ` > `. */
  readonly suite: string;
}

/** Outcome of one attempt, normalised. */
export type AttemptStatus = 'PASSED' | 'FAILED' | 'ERRORED' | 'SKIPPED';

/** One attempt of one test; a retry inside the report is an attempt of its own. */
export interface AttemptEvent {
  readonly kind: 'ATTEMPT';
  /** Names of the suites around the test, outermost first, joined by ` > `; empty when there are none. */
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  /** Source file of the case, else of the nearest suite that has one; empty when there is none. */
  readonly file: string;
  readonly status: AttemptStatus;
  /** The word or element of the report that decided the outcome, e.g. `failure`, `notrun`, `flakyError`. */
  readonly statusRaw: string;
  /** Run time in whole microseconds, a safe integer; null when the report has none that can be read. */
  readonly durationUs: number | null;
  readonly message: string | null;
  /** Class of the failure, e.g. `java.lang.AssertionError`. */
  readonly failureType: string | null;
  readonly stackTrace: string | null;
  /** True when message or stack trace were longer than what is kept. */
  readonly isTruncated: boolean;
  /** Attempt of this test within the report, from 1, in document order. */
  readonly attempt: number;
  readonly startedAt: Date | null;
}

/** Why the rest of a report was not read. Comes last; the events before it stand. */
export interface ProblemEvent {
  readonly kind: 'PROBLEM';
  readonly code: 'MALFORMED' | 'DOCTYPE' | 'ENCODING' | 'LIMIT' | 'NOT_JUNIT';
  /** One sentence for the person who sent the report. */
  readonly message: string;
  /** Line of the report, from 1. */
  readonly line: number;
  /** Column in that line, from 1, in characters. */
  readonly column: number;
}

/** A report as it comes from a file, a socket or a decompressor. Strings are taken as decoded text. */
export type ReportSource = Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;
