import type { CoverageFormat } from '../formats/coverage/coverage-formats.ts';
import type { CoverageResult } from '../formats/coverage/coverage-reader.ts';
import {
  countAll,
  type CoverageTally,
  createCoverageTally,
} from '../formats/coverage/coverage-tally.ts';
import { createDetectingCoverageReader } from '../formats/coverage/detecting-reader.ts';
import { ReportRefusal } from '../formats/report-refusal.ts';
import { describeProblem } from './describe-problem.ts';
import { countWarning, type FileTally } from './file-tally.ts';
import { type EntryReader, type ReadEntries, readEntries } from './read-entries.ts';
import type { UploadEntry } from './read-upload.ts';

export interface ReadCoverage extends ReadEntries {
  /** The coverage of all files together, merged line by line. */
  readonly tally: CoverageTally;
  /** In lower case, sorted. */
  readonly formats: readonly string[];
}

/**
 * Reads coverage reports as one. `attempts` of a file are the source files it covers.
 *
 * @throws {ArchiveError} `LIMIT`, when the upload as a whole is too much
 */
export async function readCoverage(
  entries: AsyncIterable<UploadEntry>,
  format: CoverageFormat | null,
): Promise<ReadCoverage> {
  const tally = createCoverageTally();
  const formats = new Set<string>();

  function begin(file: FileTally): EntryReader {
    const reader = createDetectingCoverageReader(format);
    return {
      write: (chunk) => {
        reader.write(chunk);
      },
      end() {
        const result = reader.end();
        file.format = reader.format() ?? null;
        merge(tally, result, file);
        if (file.problem === null || file.attempts > 0)
          formats.add((file.format ?? '').toLowerCase());
      },
    };
  }

  const read = await readEntries(entries, begin);
  return { ...read, tally, formats: [...formats].sort() };
}

function merge(
  all: CoverageTally,
  { tally, warnings, problem }: CoverageResult,
  file: FileTally,
): void {
  for (const warning of warnings) countWarning(file, warning);
  if (problem != null) file.problem ??= describeProblem(problem);
  try {
    all.merge(tally);
    file.attempts = [...tally.all()].length;
  } catch (error) {
    if (!(error instanceof ReportRefusal)) throw error;
    file.problem = `With the files before it: ${error.message}`;
  }
}

/** Tells whether there is anything to store: a report that was read, even if it covers nothing. */
export function hasCoverage({ files, tally }: ReadCoverage): boolean {
  return files.some(({ problem }) => problem === null) || countAll(tally).coverable > 0;
}
