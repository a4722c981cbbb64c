import { createJsonStream } from '../json-stream.ts';
import type { JsonHandlers } from '../json-walker.ts';
import { wrongFormat } from '../wrong-format.ts';
import type { CoverageParser, CoverageSink } from './coverage-sink.ts';

/** What one format makes of the values of its report. */
export interface JsonCoverage extends JsonHandlers {
  /** The document was read to its end. */
  end?(): void;
  /** What the document lacks to be of this format, one sentence; undefined when it is of this format. */
  missing(): string | undefined;
}

/** Makes the parser of a JSON format. */
export function createJsonCoverage(
  { warnings }: CoverageSink,
  report: JsonCoverage,
): CoverageParser {
  const json = createJsonStream(report);
  return {
    write: (chunk) => {
      json.write(chunk);
    },
    end() {
      json.end();
      if (json.skipped() > 0)
        warnings.add('SKIPPED_ITEM', 'Reports with source files too large to be read');
      const problem = json.problem();
      if (problem != null) return problem;
      report.end?.();
      const missing = report.missing();
      return missing === undefined ? undefined : wrongFormat(missing);
    },
  };
}
