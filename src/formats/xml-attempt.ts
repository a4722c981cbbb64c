import { describeFailures, describeOutput, type Failure } from './failure-text.ts';
import type { AttemptEvent } from './report-events.ts';

type Outcome = Pick<
  AttemptEvent,
  'status' | 'statusRaw' | 'message' | 'failureType' | 'stackTrace' | 'output' | 'isTruncated'
>;

/** Gives what an attempt with this outcome says: its failures, and its output unless it passed. */
export function describeOutcome({
  status,
  statusRaw,
  failures,
  out = '',
  err = '',
}: Pick<AttemptEvent, 'status' | 'statusRaw'> & {
  readonly failures: readonly Failure[];
  readonly out?: string;
  readonly err?: string;
}): Outcome {
  const said = describeFailures(failures);
  const printed = describeOutput(status, { out, err });
  return {
    status,
    statusRaw,
    ...said,
    output: printed.output,
    isTruncated: said.isTruncated || printed.isTruncated,
  };
}
