import type { ProblemEvent } from '../formats/report-events.ts';

/** Says what is wrong with a report and where, for the person who sent it. */
export function describeProblem({ message, line, column }: ProblemEvent): string {
  if (line === null) return message;
  return `${message} (line ${line}${column === null ? '' : `, column ${column}`})`;
}
