import { type CoverageParser, type CoverageSink, markHits, openFile } from './coverage-sink.ts';
import type { FileCoverage } from './coverage-tally.ts';
import { createXmlCoverage } from './xml-coverage.ts';

/** The compiler's line number for code that has no source: not coverable. */
const HIDDEN_LINE = String(0xfeefee);
const MOST_UIDS = 1_000_000;

/** Makes a parser of OpenCover XML. The line of a sequence point is the one it begins on. */
export function createOpenCoverParser(sink: CoverageSink): CoverageParser {
  const files = new Map<string, FileCoverage>();
  let methodFile: string | undefined;

  function nameFile(uid: string | undefined, path: string | undefined): void {
    const file = openFile(sink, path);
    if (uid !== undefined && file != null && files.size < MOST_UIDS) files.set(uid, file);
  }

  return createXmlCoverage({
    root: 'CoverageSession',
    format: 'OpenCover XML',
    open(name, attributes) {
      if (name === 'File') nameFile(attributes['uid'], attributes['fullPath']);
      else if (name === 'FileRef') methodFile = attributes['uid'];
      else if (name === 'SequencePoint' && attributes['sl'] !== HIDDEN_LINE) {
        const file = files.get(attributes['fileid'] ?? methodFile ?? '');
        if (file != null) markHits(sink, file, { line: attributes['sl'], hits: attributes['vc'] });
        else sink.warnings.add('SKIPPED_ITEM', 'Sequence points of a file not named were skipped');
      }
    },
    close(name) {
      if (name === 'Method') methodFile = undefined;
    },
  });
}
