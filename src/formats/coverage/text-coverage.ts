import { createReportDecoder } from '../decode-text.ts';
import { ReportRefusal } from '../report-refusal.ts';
import { createLineSplitter } from '../split-lines.ts';
import type { ProblemEvent } from '../report-events.ts';
import { wrongFormat } from '../wrong-format.ts';
import type { CoverageParser, CoverageSink } from './coverage-sink.ts';

const LONGEST_LINE = 65_536;

/** What one format makes of the lines of its report. */
export interface TextCoverage {
  /**
   * Takes a line, trimmed and not empty.
   *
   * @throws {ReportRefusal} to stop reading
   */
  line(line: string): void;
  /** What the text lacks to be of this format, one sentence; undefined when it is of this format. */
  missing(): string | undefined;
}

/** Makes the parser of a format of lines. Lines beyond 64 Ki characters are skipped. */
export function createTextCoverage(
  { warnings }: CoverageSink,
  report: TextCoverage,
): CoverageParser {
  const decoder = createReportDecoder();
  let lineNumber = 0;
  let problem: ProblemEvent | undefined;
  const lines = createLineSplitter(LONGEST_LINE, {
    line(line) {
      lineNumber += 1;
      const trimmed = line.trim();
      if (trimmed !== '') report.line(trimmed);
    },
    dropped() {
      lineNumber += 1;
      warnings.add('SKIPPED_ITEM', 'Lines longer than 64 Ki characters were skipped', lineNumber);
    },
  });

  function attempt(step: () => void): void {
    if (problem != null) return;
    try {
      step();
    } catch (error) {
      if (!(error instanceof ReportRefusal)) throw error;
      const { code, message } = error;
      problem = { kind: 'PROBLEM', code, message, line: lineNumber, column: null };
    }
  }

  return {
    write(chunk) {
      attempt(() => {
        lines.write(decoder.write(chunk));
      });
    },
    end() {
      attempt(() => {
        lines.write(decoder.end());
        lines.end();
      });
      const missing = report.missing();
      return problem ?? (missing === undefined ? undefined : wrongFormat(missing));
    },
  };
}
