import { createReportDecoder } from './decode-text.ts';
import { nestsTooDeep } from './json-depth.ts';
import { isObject, type JsonObject } from './json-values.ts';
import type { ProblemEvent, ReportEvent, ReportReader } from './report-events.ts';
import { ReportRefusal } from './report-refusal.ts';
import { createWarnings, type Warnings } from './report-warnings.ts';
import { createLineSplitter } from './split-lines.ts';
import { wrongFormat } from './wrong-format.ts';

/** Longest line read, in UTF-16 units. */
const LONGEST_LINE = 4_194_304;

/** What one format makes of the lines of its report. */
export interface LinesReport {
  /**
   * Gives the events of one line.
   *
   * @throws {ReportRefusal} to stop reading
   */
  line(item: JsonObject, warnings: Warnings): readonly ReportEvent[];
  /** Tells of a line that cannot be read, by how it begins, that it is no loss. */
  isNoise?(start: string): boolean;
  /** Gives what is left; comes also when reading was stopped. */
  end(): readonly ReportEvent[];
  /** What the report lacks to be of this format, one sentence; undefined when it is of this format. */
  missing(): string | undefined;
}

/**
 * Makes the reader of a format with one JSON object a line. Other lines (build output between them is common) and
 * lines beyond 4 Mi characters are skipped; one warning for each kind says how many they were.
 */
export function createLinesReader(report: LinesReport): ReportReader {
  const decoder = createReportDecoder();
  const warnings = createWarnings();
  let events: ReportEvent[] = [];
  let lineNumber = 0;
  let problem: ProblemEvent | undefined;

  function takeLine(line: string): void {
    lineNumber += 1;
    if (problem != null || line.trim() === '') return;
    const item = parseLine(line);
    if (item == null && report.isNoise?.(line) === true) return;
    if (item == null)
      warnings.add('SKIPPED_ITEM', 'Lines that are no JSON objects were skipped', lineNumber);
    else for (const event of report.line(item, warnings)) events.push(event);
  }

  function dropLine(start: string): void {
    lineNumber += 1;
    if (report.isNoise?.(start) === true) return;
    warnings.add('SKIPPED_ITEM', 'Lines longer than 4 Mi characters were skipped', lineNumber);
  }

  const lines = createLineSplitter(LONGEST_LINE, { line: takeLine, dropped: dropLine });

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

  function takeEvents(): ReportEvent[] {
    const taken = events;
    events = [];
    return taken;
  }

  return {
    write(chunk) {
      attempt(() => {
        lines.write(decoder.write(chunk));
      });
      return takeEvents();
    },
    end() {
      attempt(() => {
        lines.write(decoder.end());
        lines.end();
      });
      const last = [...takeEvents(), ...report.end(), ...warnings.events()];
      const missing = report.missing();
      if (problem == null && missing !== undefined) problem = wrongFormat(missing);
      return problem == null ? last : [...last, problem];
    },
  };
}

function parseLine(line: string): JsonObject | undefined {
  if (!/^\s*\{/.test(line) || nestsTooDeep(line)) return undefined;
  try {
    const item: unknown = JSON.parse(line);
    return isObject(item) ? item : undefined;
  } catch {
    // A line that is no JSON is counted by the caller.
    return undefined;
  }
}
