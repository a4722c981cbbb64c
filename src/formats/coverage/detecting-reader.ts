import { createWarnings } from '../report-warnings.ts';
import { wrongFormat } from '../wrong-format.ts';
import type { CoverageFormat } from './coverage-formats.ts';
import { type CoverageReader, createCoverageReader } from './coverage-reader.ts';
import { createCoverageTally } from './coverage-tally.ts';
import { detectCoverage, LONGEST_HEAD } from './detect-coverage.ts';

const SHORTEST_HEAD = 1_024;

const WHAT_IS_READ =
  'Cobertura, JaCoCo, Clover and OpenCover XML, LCOV, Go cover profiles, SimpleCov and Istanbul JSON';

/** A reader that finds the format by itself. */
export interface DetectingCoverageReader extends CoverageReader {
  /** The format of what was written so far; undefined while it is not known, and for what is no coverage report. */
  format(): CoverageFormat | undefined;
}

/**
 * Makes a reader for one coverage report of any format. It keeps up to 256 KiB until the content tells the format. A `named` format
 * is not looked for. An empty file, or one that is no coverage report, is a `WRONG_FORMAT` problem.
 */
export function createDetectingCoverageReader(
  named: CoverageFormat | null = null,
): DetectingCoverageReader {
  let head: (Uint8Array | string)[] = [];
  let headBytes = 0;
  let nextLook = SHORTEST_HEAD;
  let format = named ?? undefined;
  let reader = named == null ? undefined : createCoverageReader(named);

  /** Looks at the head, at doubling lengths, so that small pieces do not cost a look each. */
  function look(isWhole: boolean): CoverageReader | undefined {
    const bytes = Buffer.concat(head.map((chunk) => Buffer.from(chunk)));
    const told = detectCoverage(bytes, isWhole);
    if (told === 'MORE') {
      nextLook = Math.min(bytes.length * 2, LONGEST_HEAD);
      return undefined;
    }
    if (told !== 'EMPTY' && told !== 'NONE') format = told;
    const found =
      format == null ? createRefusingReader(told === 'EMPTY') : createCoverageReader(format);
    for (const chunk of head) found.write(chunk);
    head = [];
    return found;
  }

  return {
    write(chunk) {
      if (reader != null) {
        reader.write(chunk);
        return;
      }
      // A copy: whoever wrote the bytes may fill their buffer again.
      head.push(typeof chunk === 'string' ? chunk : new Uint8Array(chunk));
      headBytes += chunk.length;
      if (headBytes >= nextLook) reader = look(false);
    },
    end() {
      const last = reader ?? look(true) ?? createRefusingReader(false);
      reader = last;
      return last.end();
    },
    format: () => format,
  };
}

function createRefusingReader(isEmpty: boolean): CoverageReader {
  const message = isEmpty
    ? 'The file is empty.'
    : `The file is no coverage report of a known format. Read are ${WHAT_IS_READ}.`;
  const result = {
    tally: createCoverageTally(),
    warnings: createWarnings().events(),
    problem: wrongFormat(message),
  };
  return { write: () => undefined, end: () => result };
}
