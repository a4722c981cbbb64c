import type { ProblemEvent } from './report-events.ts';

/** Gives the problem of a report that is not of the format it is read as. */
export function wrongFormat(message: string): ProblemEvent {
  return { kind: 'PROBLEM', code: 'WRONG_FORMAT', message, line: null, column: null };
}
