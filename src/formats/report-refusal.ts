import type { ProblemEvent } from './report-events.ts';

/** Thrown while a report is read when the rest of it must not be; the reader turns it into its `PROBLEM`. */
export class ReportRefusal extends Error {
  readonly code: ProblemEvent['code'];

  constructor(code: ProblemEvent['code'], message: string) {
    super(message);
    this.code = code;
  }
}
