import { decode } from './log-characters.ts';

/** A line that holds what is looked for. */
export interface LogMatch {
  /** Number of the line, from 0. */
  readonly number: number;
  /** Where the line begins, in bytes from the begin of the log. */
  readonly byteOffset: number;
  /** The line without its end; of a long one the part around what was found. */
  readonly text: string;
  readonly isCut: boolean;
}

/** Where a search is. */
export interface FinderPlace {
  /** Bytes from the begin of the log. */
  readonly offset: number;
  /** The line it is in, from 0. */
  readonly line: number;
  /** Where that line begins. */
  readonly lineOffset: number;
  /** Whether the line was found already. */
  readonly isMatched: boolean;
}

export interface Wanted {
  readonly text: string;
  readonly ignoreCase: boolean;
  readonly most: number;
}

/** Finds lines in a log that arrives in pieces. */
export interface LineFinder {
  /** Takes the next piece; tells whether it has found enough. */
  write(piece: Buffer): boolean;
  /** @param isAtEnd whether the log ends here, else the rest of the last line is for the next search */
  end(isAtEnd: boolean): { readonly matches: readonly LogMatch[]; readonly place: FinderPlace };
}

const newline = 0x0a;
/** Bytes that are searched at once. */
const blockBytes = 1024 * 1024;
/** Characters shown of a line, and how many of them before what was found. */
const shown = 1_000;
const shownBefore = 200;

/** Makes a finder that stands at a place. */
export function createLineFinder(wanted: Wanted, from: FinderPlace): LineFinder {
  const pattern = createPattern(wanted);
  /** What is looked for may begin in one block of a long line and end in the next. */
  const overlap = 3 * Buffer.byteLength(wanted.text);
  const matches: LogMatch[] = [];
  let place = from;
  /** What follows the place and has not been searched. */
  let waiting: Buffer[] = [];
  let waitingBytes = 0;

  function search(isAtEnd: boolean): void {
    const bytes = Buffer.concat(waiting, waitingBytes);
    const block = blockOf(bytes, isAtEnd, overlap);
    const found = findIn(block, pattern, place, wanted.most - matches.length);
    matches.push(...found.matches);
    place = found.place;
    const rest = bytes.subarray(block.size);
    waiting = [Buffer.from(rest)]; // a copy, so that what was searched can go
    waitingBytes = rest.length;
  }

  return {
    write(piece) {
      waiting.push(piece);
      waitingBytes += piece.length;
      if (waitingBytes >= blockBytes) search(false);
      return matches.length >= wanted.most;
    },
    end(isAtEnd) {
      if (matches.length < wanted.most) search(isAtEnd);
      return { matches, place };
    },
  };
}

/** What is searched at once. */
interface Block {
  readonly bytes: Buffer;
  /** So many of the bytes are done with then. */
  readonly size: number;
  /** Whether its last line may go on. */
  readonly isOpen: boolean;
}

/** Whole lines; a part of one that is longer than a block. */
function blockOf(bytes: Buffer, isAtEnd: boolean, overlap: number): Block {
  if (isAtEnd) return { bytes, size: bytes.length, isOpen: false };
  const size = bytes.lastIndexOf(newline) + 1;
  if (size > 0 || bytes.length < blockBytes) {
    return { bytes: bytes.subarray(0, size), size, isOpen: false };
  }
  return { bytes, size: bytes.length - overlap, isOpen: true };
}

function findIn(
  block: Block,
  pattern: Pattern,
  place: FinderPlace,
  most: number,
): { readonly matches: LogMatch[]; readonly place: FinderPlace } {
  const matches: LogMatch[] = [];
  const end = endOf(block, place);
  if (pattern.cannotBeIn(block.bytes)) return { matches, place: end };

  const text = decode(block.bytes);
  let line = firstLine(text, place);
  let { isMatched } = place;
  for (;;) {
    const index = pattern.find(text, isMatched ? line.end : line.begin);
    if (index === -1) break;
    while (line.end < index) line = nextLine(line, text, block, place);
    matches.push(toMatch(line, text, index, block, place));
    isMatched = true;
    if (matches.length === most) return { matches, place: placeBehind(line, block, place) };
  }
  return { matches, place: { ...end, isMatched: isMatched && line.number === end.line } };
}

/** A line of a block, its end not included; the first one may have begun in an earlier block. */
interface Line {
  readonly number: number;
  /** Where it begins, in bytes from the begin of the log. */
  readonly byteOffset: number;
  /** Where it begins in the block, in bytes. */
  readonly bytesBegin: number;
  /** Where it begins and ends in the text of the block. */
  readonly begin: number;
  readonly end: number;
}

function firstLine(text: string, { line, lineOffset }: FinderPlace): Line {
  const end = endOfLine(text, 0);
  return { number: line, byteOffset: lineOffset, bytesBegin: 0, begin: 0, end };
}

function nextLine(line: Line, text: string, { bytes }: Block, { offset }: FinderPlace): Line {
  const bytesBegin = bytes.indexOf(newline, line.bytesBegin) + 1;
  const begin = line.end + 1;
  return {
    number: line.number + 1,
    byteOffset: offset + bytesBegin,
    bytesBegin,
    begin,
    end: endOfLine(text, begin),
  };
}

function endOfLine(text: string, begin: number): number {
  const end = text.indexOf('\n', begin);
  return end === -1 ? text.length : end;
}

function placeBehind(line: Line, block: Block, { offset }: FinderPlace): FinderPlace {
  const end = block.bytes.indexOf(newline, line.bytesBegin);
  if (end === -1) {
    const { number, byteOffset } = line;
    return { offset: offset + block.size, line: number, lineOffset: byteOffset, isMatched: true };
  }
  const next = offset + end + 1;
  return { offset: next, line: line.number + 1, lineOffset: next, isMatched: false };
}

/** Where the search is when nothing more is in the block. */
function endOf({ bytes, size }: Block, place: FinderPlace): FinderPlace {
  const offset = place.offset + size;
  let { line } = place;
  let begin = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, begin)) {
    begin = at + 1;
    line += 1;
  }
  if (begin === 0) return { ...place, offset };
  return { offset, line, lineOffset: place.offset + begin, isMatched: false };
}

function toMatch(
  { number, byteOffset, begin, end, bytesBegin }: Line,
  text: string,
  index: number,
  block: Block,
  place: FinderPlace,
): LogMatch {
  const line = text.slice(begin, end).replace(/\r$/, '');
  const isPart =
    (bytesBegin === 0 && place.lineOffset < place.offset) || (block.isOpen && end === text.length);
  const from = line.length > shown ? Math.max(0, index - begin - shownBefore) : 0;
  const part = line.slice(from, from + shown);
  return {
    number,
    byteOffset,
    text: part.toWellFormed(), // may be cut inside of a pair
    isCut: isPart || part.length < line.length,
  };
}

/** How a text is found. */
interface Pattern {
  /** Whether the bytes do not hold it for sure. */
  cannotBeIn(bytes: Buffer): boolean;
  /** Where the text holds it, at the place or behind it; -1 for nowhere. */
  find(text: string, from: number): number;
}

function createPattern({ text, ignoreCase }: Wanted): Pattern {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const pattern = new RegExp(escaped, ignoreCase ? 'giu' : 'gu');
  // U+FFFD may stand for other bytes.
  const isBytes = !ignoreCase && !text.toWellFormed().includes('\uFFFD');
  const bytes = Buffer.from(text);
  return {
    cannotBeIn: (block) => isBytes && !block.includes(bytes),
    find(block, from) {
      pattern.lastIndex = from;
      return pattern.exec(block)?.index ?? -1;
    },
  };
}
