import type { CoverageFormat } from '../../../src/formats/coverage/coverage-formats.ts';
import type { CoverageReader } from '../../../src/formats/coverage/coverage-reader.ts';
import {
  countAll,
  type CoveredFile,
  coveredFiles,
  type LineCount,
} from '../../../src/formats/coverage/coverage-tally.ts';
import { createDetectingCoverageReader } from '../../../src/formats/coverage/detecting-reader.ts';
import type { ProblemEvent } from '../../../src/formats/report-events.ts';

/** A coverage report, read and counted. */
export interface ReadCoverage {
  readonly format: CoverageFormat | undefined;
  readonly files: readonly CoveredFile[];
  readonly total: LineCount;
  readonly warnings: readonly string[];
  readonly problem: ProblemEvent | undefined;
}

/** Reads a report given in these chunks; its format is found by its content. */
export function readCoverage(chunks: readonly (Uint8Array | string)[]): ReadCoverage {
  const reader = createDetectingCoverageReader();
  const counted = readWith(reader, chunks);
  return { format: reader.format(), ...counted };
}

/** Reads a report given in these chunks with this reader. */
export function readWith(
  reader: CoverageReader,
  chunks: readonly (Uint8Array | string)[],
): Omit<ReadCoverage, 'format'> {
  for (const chunk of chunks) reader.write(chunk);
  const { tally, warnings, problem } = reader.end();
  return {
    files: coveredFiles(tally),
    total: countAll(tally),
    warnings: warnings.map(({ message }) => message),
    problem,
  };
}

/** Gives `path covered/coverable` of each file of a report. */
export function linesIn(report: string): readonly string[] {
  return readCoverage([report]).files.map(
    ({ path, coveredLines, coverableLines }) => `${path} ${coveredLines}/${coverableLines}`,
  );
}
