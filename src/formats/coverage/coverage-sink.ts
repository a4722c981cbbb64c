import type { ProblemEvent } from '../report-events.ts';
import type { Warnings } from '../report-warnings.ts';
import type { CoverageTally, FileCoverage, LineCount } from './coverage-tally.ts';
import { sourcePath } from './source-path.ts';

/** Where the reader of a format puts what it reads. */
export interface CoverageSink {
  readonly tally: CoverageTally;
  readonly warnings: Warnings;
}

/** Reads one coverage report into a sink. Never throws on what it reads. */
export interface CoverageParser {
  write(chunk: Uint8Array | string): void;
  /** Gives why the report was not read to its end; undefined when it was. */
  end(): ProblemEvent | undefined;
}

/**
 * Gives the file of a path as it is written; undefined, with a warning, when there is none.
 *
 * @throws {ReportRefusal} when there are too many
 */
export function openFile(
  { tally, warnings }: CoverageSink,
  written: string | undefined,
): FileCoverage | undefined {
  const path = sourcePath(written);
  if (path === undefined)
    warnings.add('SKIPPED_ITEM', 'Source files without a usable path were skipped');
  return path === undefined ? undefined : tally.file(path);
}

/**
 * Marks a line by its number and how often it ran, as they are written; what is no number is skipped with a warning.
 *
 * @throws {ReportRefusal} when the files together are too large
 */
export function markHits(
  { tally, warnings }: CoverageSink,
  file: FileCoverage,
  written: { line: string | undefined; hits: string | undefined },
): void {
  const line = readNumber(written.line);
  const hits = readNumber(written.hits);
  if (Number.isNaN(hits) || !tally.line(file, line, hits > 0))
    warnings.add('UNREADABLE_VALUE', 'Lines whose number or count cannot be read were skipped');
}

/** Gives the number a text holds; NaN when it holds none. */
export function readNumber(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? Number.NaN : Number(text);
}

/** Gives a count of lines as it is written; undefined when the two are no counts that go together. */
export function readCount(
  covered: string | undefined,
  coverable: string | undefined,
): LineCount | undefined {
  const count = { covered: readNumber(covered), coverable: readNumber(coverable) };
  const isCount =
    Number.isInteger(count.covered) &&
    Number.isInteger(count.coverable) &&
    count.covered >= 0 &&
    count.covered <= count.coverable &&
    count.coverable <= 0x7fffffff;
  return isCount ? count : undefined;
}
