import { LONGEST_KEPT } from './failure-text.ts';
import type { AttemptStatus } from './report-events.ts';
import type { FailureWords } from './test-events.ts';

/** What a test or a package printed so far. */
export interface GoOutput {
  add(piece: string): void;
  /** Gives the text and forgets it. */
  take(): string;
  isTruncated(): boolean;
}

/** Makes an output that keeps its first 64 Ki characters, as long as the budget, shared by all that is open, has characters left. */
export function createGoOutput(budget: { left: number }): GoOutput {
  let pieces: string[] = [];
  let length = 0;
  let isTruncated = false;
  return {
    add(piece) {
      if (isNoise(piece)) return;
      const room = Math.min(LONGEST_KEPT - length, budget.left);
      const kept = piece.slice(0, Math.max(room, 0));
      if (kept.length < piece.length) isTruncated = true;
      if (kept === '') return;
      pieces.push(kept);
      length += kept.length;
      budget.left -= kept.length;
    },
    take() {
      const text = pieces.join('');
      pieces = [];
      budget.left += length;
      length = 0;
      return text;
    },
    isTruncated: () => isTruncated,
  };
}

/** Lines of the test runner itself, e.g. `=== RUN   TestA` and `    --- FAIL: TestA/b (0.00s)`. */
function isNoise(line: string): boolean {
  return /^(=== (RUN|PAUSE|CONT|NAME)\s|\s*--- (PASS|FAIL|SKIP|BENCH): )/.test(line);
}

/**
 * Gives what the output says of a failure: the panic, else what testify names `Error:`, else the first line of a source file,
 * without that file's name. Nothing for a test that passed.
 */
export function describeGoFailure(text: string, status: AttemptStatus): FailureWords {
  if (status === 'PASSED' || text.trim() === '') return {};
  if (status === 'SKIPPED') return { message: locatedLine(text) ?? text };
  const message =
    /^(?:panic|fatal error): .*$/m.exec(text)?.[0] ?? assertion(text) ?? locatedLine(text);
  return { message, stack: text };
}

/** Every repetition is bounded: reports may hold a hundred thousand spaces. */
const ASSERTION = /^[ \t]{1,64}Error:[ \t]{1,16}(\S.*(?:\n[ \t]{1,64}\t {12}\t.*)*)/m;
const LOCATED = /^[ \t]{0,64}[\w./\\-]{1,512}\.go:\d{1,9}(?::\d{1,9})?: (\S.*)$/m;

function assertion(text: string): string | undefined {
  return ASSERTION.exec(text)?.[1]?.replace(/\n[ \t]+/g, '\n');
}

function locatedLine(text: string): string | undefined {
  return LOCATED.exec(text)?.[1];
}
