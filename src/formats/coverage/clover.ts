import { type CoverageParser, type CoverageSink, markHits, openFile } from './coverage-sink.ts';
import type { FileCoverage } from './coverage-tally.ts';
import { createXmlCoverage } from './xml-coverage.ts';

/**
 * Makes a parser of Clover XML. Coverable are the lines of statements. A condition counts when it has a `count`: Istanbul writes a
 * statement with branches as one, OpenClover writes `truecount` and `falsecount` only. Test code is left out, as Clover does.
 */
export function createCloverParser(sink: CoverageSink): CoverageParser {
  let file: FileCoverage | undefined;
  let isTestCode = false;

  return createXmlCoverage({
    root: 'coverage',
    format: 'Clover XML',
    open(name, attributes) {
      const { type, num: line, count: hits } = attributes;
      if (name === 'testproject') isTestCode = true;
      else if (name === 'file' && !isTestCode)
        file = openFile(sink, attributes['path'] || attributes['name']);
      else if (name === 'line' && file != null) {
        const isStatement = type === 'stmt' || (type === 'cond' && hits !== undefined);
        if (isStatement) markHits(sink, file, { line, hits });
      }
    },
    close(name) {
      if (name === 'file') file = undefined;
      if (name === 'testproject') isTestCode = false;
    },
  });
}
