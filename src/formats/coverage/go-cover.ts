import { type CoverageParser, type CoverageSink, openFile } from './coverage-sink.ts';
import type { FileCoverage } from './coverage-tally.ts';
import { createTextCoverage } from './text-coverage.ts';

const BLOCK = /^(.+):(\d{1,9}\.\d{1,9},\d{1,9}\.\d{1,9}) (\d{1,6}) (\d+)$/;

/**
 * Makes a parser of Go cover profiles. Their unit is the statement: what is counted as lines are statements, as
 * `go tool cover` does. A block that several test binaries ran is one block. Paths are as in Go, with the module.
 */
export function createGoCoverParser(sink: CoverageSink): CoverageParser {
  let file: FileCoverage | undefined;
  let written = '';
  let profiles = 0;

  function takeBlock(line: string): void {
    const [, path = '', place = '', statements, count] = BLOCK.exec(line) ?? [];
    if (path === '') {
      sink.warnings.add('SKIPPED_ITEM', 'Lines that are no blocks were skipped');
      return;
    }
    if (path !== written) {
      written = path;
      file = openFile(sink, path);
    }
    if (file == null) return;
    const block = { statements: Number(statements), isCovered: Number(count) > 0 };
    sink.tally.block(file, place, block);
  }

  return createTextCoverage(sink, {
    line(line) {
      if (/^mode: ?\w+$/.test(line)) profiles += 1;
      else takeBlock(line);
    },
    missing: () =>
      profiles > 0 ? undefined : 'The text has no `mode:` line, so it is no Go cover profile.',
  });
}
