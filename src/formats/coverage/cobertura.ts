import type { Attributes } from '../xml-document.ts';
import {
  type CoverageParser,
  type CoverageSink,
  markHits,
  openFile,
  readCount,
} from './coverage-sink.ts';
import type { FileCoverage } from './coverage-tally.ts';
import { checkDeclared } from './declared-lines.ts';
import { createXmlCoverage } from './xml-coverage.ts';

/**
 * Makes a parser of Cobertura XML. A line stands under its class and again under its method, and a file has several
 * classes: a line is covered when any of them says so. Paths are as in `filename`, relative to the report's sources.
 */
export function createCoberturaParser(sink: CoverageSink): CoverageParser {
  let file: FileCoverage | undefined;
  let roots = 0;
  let root: Attributes = {};

  return createXmlCoverage({
    root: 'coverage',
    format: 'Cobertura XML',
    open(name, attributes) {
      if (name === 'coverage') {
        roots += 1;
        root = attributes;
      } else if (name === 'class') file = openFile(sink, attributes['filename']);
      else if (name === 'line' && file != null)
        markHits(sink, file, { line: attributes['number'], hits: attributes['hits'] });
    },
    close(name) {
      if (name === 'class') file = undefined;
    },
    end() {
      const declared = readCount(root['lines-covered'], root['lines-valid']);
      if (declared != null && roots === 1) checkDeclared(sink, declared);
    },
  });
}
