/** What a reader of test reports gives, in document order, whatever the format. */
export type ReportEvent = SuiteEvent | AttemptEvent | WarningEvent | ProblemEvent;

/** A suite begins. Suites without a case give this event and nothing else. */
export interface SuiteEvent {
  readonly kind: 'SUITE';
  /** Names of the suite and of those around it, outermost first, joined by ` > `. */
  readonly suite: string;
}

/** Outcome of one attempt, normalised. */
export type AttemptStatus = 'PASSED' | 'FAILED' | 'ERRORED' | 'SKIPPED' | 'OTHER';

/** Names and values, e.g. `browser` -> `firefox`, as a report gives them. */
export type Properties = Readonly<Record<string, string>>;

/** One attempt of one test; a retry inside the report is an attempt of its own. */
export interface AttemptEvent {
  readonly kind: 'ATTEMPT';
  /** Names of the suites around the test, outermost first, joined by ` > `; empty when there are none. */
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  /** Source file of the case, else of the nearest suite that has one; empty when there is none. As written. */
  readonly file: string;
  /** Line of the test in that file, from 1; null when the report has none. */
  readonly line: number | null;
  readonly status: AttemptStatus;
  /** The word or element of the report that decided the outcome, e.g. `failure`, `notrun`, `flakyError`. */
  readonly statusRaw: string;
  /** Run time in whole microseconds, a safe integer; null when the report has none that can be read. */
  readonly durationUs: number | null;
  readonly message: string | null;
  /** Class of the failure, e.g. `java.lang.AssertionError`. */
  readonly failureType: string | null;
  readonly stackTrace: string | null;
  /** What the attempt printed, standard output before standard error; null when the report has none. */
  readonly output: string | null;
  /** True when message, stack trace or output were longer than what is kept. */
  readonly isTruncated: boolean;
  /** Attempt of this test within the report, from 1, in document order. */
  readonly attempt: number;
  readonly startedAt: Date | null;
  /** Properties of the case itself. */
  readonly properties: Properties;
  /** Properties of the suites around it, the inner over the outer; one object for all cases of a suite. */
  readonly suiteProperties: Properties;
}

/** Something odd that cost nothing but is worth knowing, e.g. counters that contradict the cases. */
export interface WarningEvent {
  readonly kind: 'WARNING';
  readonly code: 'COUNTS_DIFFER' | 'UNREADABLE_VALUE' | 'SKIPPED_ITEM';
  /** One sentence for the person who sent the report. */
  readonly message: string;
}

/** Why the rest of a report was not read. Comes last; the events before it stand. */
export interface ProblemEvent {
  readonly kind: 'PROBLEM';
  readonly code: 'MALFORMED' | 'DOCTYPE' | 'ENCODING' | 'LIMIT' | 'WRONG_FORMAT';
  /** One sentence for the person who sent the report. */
  readonly message: string;
  /** Line of the report, from 1; null when it is not known. */
  readonly line: number | null;
  /** Column in that line, from 1, in characters; null when it is not known. */
  readonly column: number | null;
}

/** A report as it comes from a file, a socket or a decompressor. Strings are taken as decoded text. */
export type ReportSource = Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/** Reads one report, fed by hand, in memory that does not grow with it. Never throws on what it reads. */
export interface ReportReader {
  /** Takes the next piece, gives the events it completes. */
  write(chunk: Uint8Array | string): readonly ReportEvent[];
  /** Gives the last events; a `PROBLEM` is always the very last. */
  end(): readonly ReportEvent[];
}
