import type { ProblemEvent, WarningEvent } from '../report-events.ts';
import { createWarnings } from '../report-warnings.ts';
import { createCloverParser } from './clover.ts';
import { createCoberturaParser } from './cobertura.ts';
import type { CoverageFormat } from './coverage-formats.ts';
import type { CoverageParser, CoverageSink } from './coverage-sink.ts';
import { type CoverageTally, createCoverageTally } from './coverage-tally.ts';
import { createGoCoverParser } from './go-cover.ts';
import { createIstanbulParser } from './istanbul.ts';
import { createJacocoParser } from './jacoco.ts';
import { createLcovParser } from './lcov.ts';
import { createOpenCoverParser } from './opencover.ts';
import { createSimpleCovParser } from './simplecov.ts';

/** What a coverage report says. */
export interface CoverageResult {
  /** The files it covers; with a problem, what was read up to it. */
  readonly tally: CoverageTally;
  readonly warnings: readonly WarningEvent[];
  /** Why the rest was not read; undefined when all was. */
  readonly problem: ProblemEvent | undefined;
}

/** Reads one coverage report, fed by hand, in memory bounded by the tally. Never throws on what it reads. */
export interface CoverageReader {
  /** Takes the next piece. After a problem it does nothing. */
  write(chunk: Uint8Array | string): void;
  end(): CoverageResult;
}

const PARSERS: Readonly<Record<CoverageFormat, (sink: CoverageSink) => CoverageParser>> = {
  COBERTURA: createCoberturaParser,
  JACOCO: createJacocoParser,
  CLOVER: createCloverParser,
  LCOV: createLcovParser,
  OPENCOVER: createOpenCoverParser,
  SIMPLECOV: createSimpleCovParser,
  GO_COVER: createGoCoverParser,
  ISTANBUL: createIstanbulParser,
};

/** Makes the reader for one coverage report of this format. */
export function createCoverageReader(format: CoverageFormat): CoverageReader {
  const sink = { tally: createCoverageTally(), warnings: createWarnings() };
  const parser = PARSERS[format](sink);
  return {
    write: (chunk) => {
      parser.write(chunk);
    },
    end() {
      const problem = parser.end();
      return { tally: sink.tally, warnings: sink.warnings.events(), problem };
    },
  };
}
