import { fieldOf, isObject, numberOf } from '../json-values.ts';
import { ReportRefusal } from '../report-refusal.ts';
import { type CoverageParser, type CoverageSink, openFile } from './coverage-sink.ts';
import { createJsonCoverage } from './json-coverage.ts';

const MOST_STATEMENTS = 1_000_000;

/** The file that is being read. */
interface CurrentFile {
  readonly path: string;
  /** Line each statement begins on, by its number. */
  readonly lines: Map<string, number>;
  /** How often each statement ran. */
  counts: unknown;
}

/** Makes a parser of Istanbul's `coverage-final.json`. A line is covered when a statement that begins on it ran. */
export function createIstanbulParser(sink: CoverageSink): CoverageParser {
  let current: CurrentFile | undefined;
  let hasStatements = false;

  function closeFile(): void {
    if (current == null) return;
    const { path, lines, counts } = current;
    current = undefined;
    const file = openFile(sink, path);
    if (file == null) return;
    for (const [statement, line] of lines) {
      const count = numberOf(counts, statement);
      if (count === undefined || !sink.tally.line(file, line, count > 0))
        sink.warnings.add(
          'UNREADABLE_VALUE',
          'Statements whose line or count cannot be read were skipped',
        );
    }
  }

  function takeStatement(statement: string, line: number): void {
    if (current == null) return;
    if (current.lines.size >= MOST_STATEMENTS)
      throw new ReportRefusal('LIMIT', `A file has more than ${MOST_STATEMENTS} statements.`);
    current.lines.set(statement, line);
  }

  return createJsonCoverage(sink, {
    open(path) {
      const [file, part] = path;
      if (path.length === 1) {
        closeFile();
        current = { path: String(file), lines: new Map(), counts: undefined };
      }
      if (path.length === 2) {
        if (part === 'statementMap') hasStatements = true;
        if (part !== 'statementMap' && part !== 's') return 'SKIP';
      }
      return path.length === 3 || part === 's' ? 'READ' : 'ENTER';
    },
    value(path, value) {
      if (path[1] === 's') {
        if (current != null) current.counts = isObject(value) ? value : undefined;
      } else if (path.length === 3) {
        const line = numberOf(fieldOf(value, 'start'), 'line');
        if (line !== undefined) takeStatement(String(path[2]), line);
      }
    },
    end: closeFile,
    missing: () =>
      hasStatements
        ? undefined
        : 'The JSON has no `statementMap`, so it is no coverage-final.json of Istanbul.',
  });
}
