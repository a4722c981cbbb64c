import {
  type CoverageParser,
  type CoverageSink,
  markHits,
  openFile,
  readCount,
} from './coverage-sink.ts';
import type { FileCoverage } from './coverage-tally.ts';
import { createTextCoverage } from './text-coverage.ts';

/**
 * Makes a parser of LCOV tracefiles. A record that has totals (`LF`, `LH`) but no lines has its totals.
 * Functions and branches are passed over.
 */
export function createLcovParser(sink: CoverageSink): CoverageParser {
  let file: FileCoverage | undefined;
  let hasLines = false;
  let found: string | undefined;
  let hit: string | undefined;
  let records = 0;

  function closeRecord(): void {
    const count = readCount(hit, found);
    if (file != null && !hasLines && count != null) sink.tally.count(file, count);
    file = undefined;
    found = undefined;
    hit = undefined;
    hasLines = false;
  }

  function takeLine(data: string): void {
    if (file == null) {
      sink.warnings.add('SKIPPED_ITEM', 'Lines outside of a record were skipped');
      return;
    }
    hasLines = true;
    const [line, hits] = data.split(',');
    markHits(sink, file, { line, hits });
  }

  return createTextCoverage(sink, {
    line(line) {
      const colon = line.indexOf(':');
      const word = colon === -1 ? line : line.slice(0, colon);
      const data = line.slice(colon + 1);
      if (word === 'SF') {
        closeRecord();
        records += 1;
        file = openFile(sink, data);
      } else if (word === 'DA') takeLine(data);
      else if (word === 'LF') found = data;
      else if (word === 'LH') hit = data;
      else if (word === 'end_of_record') closeRecord();
    },
    missing() {
      closeRecord();
      return records > 0 ? undefined : 'The text has no `SF:` line, so it is no LCOV report.';
    },
  });
}
