import type { WarningEvent } from '../formats/report-events.ts';
import type { Reject } from './rejects.ts';

const mostRejects = 100;
const mostWarnings = 50;

/** One item of a file that was not stored. */
export type FileReject = Pick<Reject, 'index' | 'name' | 'reason'>;

/** What became of one file of an upload, counted while it is read. */
export interface FileTally {
  readonly name: string;
  format: string | null;
  attempts: number;
  accepted: number;
  duplicates: number;
  rejectedCount: number;
  /** The first 100. */
  readonly rejects: FileReject[];
  warningCount: number;
  /** The first 50. */
  readonly warnings: string[];
  problem: string | null;
}

/** Makes the tally of a file of which nothing was read yet. */
export function createTally(name: string): FileTally {
  return {
    name,
    format: null,
    attempts: 0,
    accepted: 0,
    duplicates: 0,
    rejectedCount: 0,
    rejects: [],
    warningCount: 0,
    warnings: [],
    problem: null,
  };
}

/** Counts an item that is not stored. */
export function countReject(tally: FileTally, reject: FileReject): void {
  tally.rejectedCount += 1;
  if (tally.rejects.length < mostRejects) tally.rejects.push(reject);
}

/** Counts something odd. */
export function countWarning(tally: FileTally, { message }: Pick<WarningEvent, 'message'>): void {
  tally.warningCount += 1;
  if (tally.warnings.length < mostWarnings) tally.warnings.push(message);
}
