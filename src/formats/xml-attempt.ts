import { describeFailures, describeOutput, type Failure } from './failure-text.ts';
import type { AttemptEvent } from './report-events.ts';
import type { UncountedAttempt } from './xml-report.ts';

/** What all attempts of a test have in common. */
export type Test = Pick<
  AttemptEvent,
  'suite' | 'className' | 'name' | 'file' | 'line' | 'properties' | 'suiteProperties'
>;

/** What one attempt has of its own. */
export interface Run extends Pick<
  AttemptEvent,
  'status' | 'statusRaw' | 'durationUs' | 'startedAt'
> {
  readonly failures: readonly Failure[];
  /** Standard output and standard error, of which an attempt that passed keeps nothing. */
  readonly out?: string;
  readonly err?: string;
}

/** Gives the attempt that this run of a test was. */
export function toAttempt(test: Test, run: Run): UncountedAttempt {
  const said = describeFailures(run.failures);
  const printed = describeOutput(run.status, { out: run.out ?? '', err: run.err ?? '' });
  // Every field by name: spreading four objects into one took most of the time that a report of 100,000 cases took.
  return {
    kind: 'ATTEMPT',
    suite: test.suite,
    className: test.className,
    name: test.name,
    file: test.file,
    line: test.line,
    status: run.status,
    statusRaw: run.statusRaw,
    durationUs: run.durationUs,
    message: said.message,
    failureType: said.failureType,
    stackTrace: said.stackTrace,
    output: printed.output,
    isTruncated: said.isTruncated || printed.isTruncated,
    startedAt: run.startedAt,
    properties: test.properties,
    suiteProperties: test.suiteProperties,
  };
}
