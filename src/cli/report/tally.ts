/** What became of the files so far. */
export interface Tally {
  tests: { accepted: number; duplicates: number; rejected: number };
  /** Files that were read to their end. */
  files: { tests: number; coverage: number; security: number; logs: number };
}

export function emptyTally(): Tally {
  return {
    tests: { accepted: 0, duplicates: 0, rejected: 0 },
    files: { tests: 0, coverage: 0, security: 0, logs: 0 },
  };
}
