import { fieldOf, isObject, itemsOf, textOf } from '../json-values.ts';
import type { Interest, JsonPath } from '../json-walker.ts';
import { type CoverageParser, type CoverageSink, openFile } from './coverage-sink.ts';
import { createJsonCoverage } from './json-coverage.ts';

const PERCENTAGES: readonly unknown[] = ['line', 'covered_percent'];

/**
 * Makes a parser of SimpleCov's `.resultset.json` (all its suites, merged) and `coverage.json` (SimpleCov's own and that of
 * simplecov-json). A `.last_run.json` has a percentage and no lines: it is refused with words that say so.
 */
export function createSimpleCovParser(sink: CoverageSink): CoverageParser {
  let files = 0;
  let hasCoverage = false;
  let hasPercentage = false;

  function takeFile(path: string, lines: readonly unknown[]): void {
    files += 1;
    const file = openFile(sink, path);
    if (file == null) return;
    for (const [index, hits] of lines.entries()) {
      // Null is a line that cannot run, "ignored" one that was left out.
      if (typeof hits === 'number') sink.tally.line(file, index + 1, hits > 0);
    }
  }

  return createJsonCoverage(sink, {
    open(path) {
      hasCoverage ||= path.length < 3 && path.at(-1) === 'coverage';
      hasPercentage ||= path.length === 2 && path[0] === 'result' && PERCENTAGES.includes(path[1]);
      return interestIn(path);
    },
    value(path, value) {
      if (path[0] === 'files')
        takeFile(textOf(value, 'filename'), linesOf(fieldOf(value, 'coverage')));
      else takeFile(String(path.at(-1)), linesOf(value));
    },
    missing() {
      if (files > 0 || hasCoverage) return undefined;
      return hasPercentage
        ? 'A .last_run.json has a percentage but no lines; send .resultset.json or coverage.json.'
        : 'The JSON has no `coverage`, so it is no SimpleCov report.';
    },
  });
}

/** Files are `<suite>.coverage.<path>`, `coverage.<path>` or `files.<index>`. */
function interestIn(path: JsonPath): Interest {
  const [first, second] = path;
  if (path.length < 2) return 'ENTER';
  if (path.length === 2 && first === 'files' && typeof second === 'number') return 'READ';
  if (second === 'coverage') return path.length === 2 ? 'ENTER' : 'READ';
  return first === 'coverage' && path.length === 2 ? 'READ' : 'SKIP';
}

/** Older versions give the lines themselves, newer ones `{ lines, branches }`. */
function linesOf(coverage: unknown): readonly unknown[] {
  if (Array.isArray(coverage)) return coverage;
  return isObject(coverage) ? itemsOf(coverage, 'lines') : [];
}
