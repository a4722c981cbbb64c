import { ownText } from '../own-text.ts';
import { ReportRefusal } from '../report-refusal.ts';
import {
  countLines,
  HIGHEST_LINE,
  type LineBits,
  markLine,
  mergeLines,
  NO_LINES,
  withRoomFor,
} from './line-bits.ts';

const MOST_FILES = 200_000;
/** What the files of a tally may take, in bytes: reports may name any line of any file. */
const MOST_BYTES = 134_217_728;
/** Most lines (or statements) of one file that are told, 2^31 - 1. */
const MOST_LINES = 0x7fffffff;
const FILE_COST = 256;
const BLOCK_COST = 96;

export interface LineCount {
  readonly covered: number;
  readonly coverable: number;
}

/** What is known of one source file. */
export interface FileCoverage {
  readonly path: string;
  lines: LineBits;
  /** Statements of each block (doubled, plus one when it ran), for formats that know blocks instead of lines. */
  blocks: Map<string, number> | undefined;
  /** Counts of a report that names no lines; used when nothing better is known. */
  counted: LineCount | undefined;
}

/** Coverage of one source file, counted. */
export interface CoveredFile {
  /** Path as the report has it, with forward slashes. */
  readonly path: string;
  readonly coveredLines: number;
  readonly coverableLines: number;
}

/** Gathers the coverage of source files; what is said of a file again and again is merged line by line. */
export interface CoverageTally {
  /**
   * Gives the file of a path, made when it is new.
   *
   * @throws {ReportRefusal} when there are too many
   */
  file(path: string): FileCoverage;
  /**
   * Marks a line, from 1; false when the number is no line's.
   *
   * @throws {ReportRefusal} when all files together are too large; so do the others
   */
  line(file: FileCoverage, line: number, isCovered: boolean): boolean;
  /** Marks a block of statements, named by its place in the file. */
  block(file: FileCoverage, place: string, block: { statements: number; isCovered: boolean }): void;
  /** Notes the counts of a file whose lines are not known; of several, the one with most covered lines stays. */
  count(file: FileCoverage, count: LineCount): void;
  /** Adds counts that belong to no file. */
  addRest(count: LineCount): void;
  /** Takes over all that another tally gathered. */
  merge(other: CoverageTally): void;
  all(): Iterable<FileCoverage>;
  rest(): LineCount;
}

/** Makes an empty tally. Its memory is bounded to about 128 MiB. */
export function createCoverageTally(): CoverageTally {
  const files = new Map<string, FileCoverage>();
  let rest: LineCount = { covered: 0, coverable: 0 };
  let bytes = 0;

  function charge(cost: number): void {
    bytes += cost;
    if (bytes > MOST_BYTES)
      throw new ReportRefusal('LIMIT', 'The report covers more lines than can be kept (128 MiB).');
  }

  function openFile(path: string): FileCoverage {
    const known = files.get(path);
    if (known != null) return known;
    if (files.size >= MOST_FILES)
      throw new ReportRefusal('LIMIT', `The report has more than ${MOST_FILES} source files.`);
    charge(FILE_COST + path.length * 2);
    const own = ownText(path);
    const file = { path: own, lines: NO_LINES, blocks: undefined, counted: undefined };
    files.set(own, file);
    return file;
  }

  function makeRoom(file: FileCoverage, line: number): void {
    const roomy = withRoomFor(file.lines, line);
    charge(roomy.length - file.lines.length);
    file.lines = roomy;
  }

  function markBlock(file: FileCoverage, place: string, marks: number): void {
    const blocks = (file.blocks ??= new Map<string, number>());
    const known = blocks.get(place);
    if (known === undefined) charge(BLOCK_COST + place.length);
    blocks.set(known === undefined ? ownText(place) : place, (known ?? marks) | (marks & 1));
  }

  function keepCount(file: FileCoverage, count: LineCount): void {
    if (count.covered >= (file.counted?.covered ?? 0)) file.counted = count;
  }

  function addRest({ covered, coverable }: LineCount): void {
    rest = { covered: rest.covered + covered, coverable: rest.coverable + coverable };
  }

  function mergeFile(other: FileCoverage): void {
    const file = openFile(other.path);
    if (other.lines.length > 0) makeRoom(file, other.lines.length * 4 - 1);
    mergeLines(file.lines, other.lines);
    for (const [place, marks] of other.blocks ?? []) markBlock(file, place, marks);
    if (other.counted != null) keepCount(file, other.counted);
  }

  return {
    file: openFile,
    line(file, line, isCovered) {
      if (!Number.isInteger(line) || line < 1 || line > HIGHEST_LINE) return false;
      makeRoom(file, line);
      markLine(file.lines, line, isCovered);
      return true;
    },
    block(file, place, { statements, isCovered }) {
      markBlock(file, place, statements * 2 + (isCovered ? 1 : 0));
    },
    count: keepCount,
    addRest,
    merge(other) {
      for (const file of other.all()) mergeFile(file);
      addRest(other.rest());
    },
    all: () => files.values(),
    rest: () => rest,
  };
}

/** Counts a file: its lines, else its statements, else what the report counted. */
function countFile({ lines, blocks, counted }: FileCoverage): LineCount {
  if (lines.length > 0) return countLines(lines);
  if (blocks == null) return counted ?? { covered: 0, coverable: 0 };
  let covered = 0;
  let coverable = 0;
  for (const marks of blocks.values()) {
    const statements = marks >> 1;
    coverable += statements;
    if ((marks & 1) === 1) covered += statements;
  }
  return { covered, coverable };
}

/** Gives the files of a tally, sorted by path (in UTF-16 order). */
export function coveredFiles(tally: CoverageTally): CoveredFile[] {
  return [...tally.all()]
    .map((file) => {
      const { covered, coverable } = countFile(file);
      return {
        path: file.path,
        coveredLines: Math.min(covered, MOST_LINES),
        coverableLines: Math.min(coverable, MOST_LINES),
      };
    })
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Counts all lines of a tally, also those that belong to no file. */
export function countAll(tally: CoverageTally): LineCount {
  let { covered, coverable } = tally.rest();
  for (const file of tally.all()) {
    const count = countFile(file);
    covered += count.covered;
    coverable += count.coverable;
  }
  return { covered, coverable };
}
