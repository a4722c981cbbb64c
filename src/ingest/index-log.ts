import { storableText } from '../domain/text.ts';

/** A part of a log that belongs to one job. */
export interface LogSection {
  /** Place among the sections, from 0. */
  readonly position: number;
  readonly name: string;
  /** Where it begins, in bytes from the begin of the log. */
  readonly byteOffset: number;
  /** Its first line, from 0. */
  readonly lineNumber: number;
  /** Its bytes, up to the next section or the end; the first line included. */
  readonly sizeBytes: number;
}

/** What is known of a log when all of it has passed. */
export interface LogIndex {
  /** Bytes of the log. */
  readonly sizeBytes: number;
  /** A last line without an end counts. */
  readonly lineCount: number;
  readonly sections: readonly LogSection[];
}

/** Builds the index of a log that arrives in pieces. */
export interface LogIndexer {
  write(piece: Uint8Array): void;
  /** How many lines have ended so far. */
  endedLines(): number;
  end(): LogIndex;
}

/** Further sections are not kept. */
export const mostSections = 10_000;
/** A longer line begins no section. */
const longestHeading = 4_096;
const longestName = 512;

const newline = 0x0a;
const equalsSign = 0x3d;

/** Makes an indexer. Sections begin with a line `=== Job: NAME ===` (Contract: buildbutler.md 7.5). */
export function createLogIndexer(): LogIndexer {
  const sections = createSections();
  const line = createLineStart();
  let sizeBytes = 0;
  let lineCount = 0;

  function endLine(): void {
    const name = jobOf(line.text());
    if (name !== null) sections.begin({ name, byteOffset: line.begin(), lineNumber: lineCount });
  }

  return {
    write(piece) {
      let from = 0;
      for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, from)) {
        line.add(piece, from, at);
        endLine();
        from = at + 1;
        lineCount += 1;
        line.reset(sizeBytes + from);
      }
      line.add(piece, from, piece.length);
      sizeBytes += piece.length;
    },
    endedLines: () => lineCount,
    end() {
      const hasOpenLine = sizeBytes > line.begin();
      if (hasOpenLine) endLine();
      return {
        sizeBytes,
        lineCount: lineCount + Number(hasOpenLine),
        sections: sections.end(sizeBytes),
      };
    },
  };
}

function jobOf(line: string | null): string | null {
  const name = line === null ? undefined : /^=== Job: ([^]*) ===\r?$/.exec(line)?.[1];
  return name === undefined ? null : storableText(name.slice(0, longestName));
}

/** Keeps the begin of a line as long as it may be a heading. */
function createLineStart() {
  let begin = 0;
  let kept: Buffer | null = null;
  let isOther = false;

  return {
    begin: () => begin,
    /** Null when the line is no heading. */
    text: (): string | null => (isOther || kept === null ? null : kept.toString('utf8')),
    add(piece: Uint8Array, from: number, to: number): void {
      if (isOther || from === to) return;
      const length = (kept?.length ?? 0) + to - from;
      if ((kept === null && piece[from] !== equalsSign) || length > longestHeading) {
        isOther = true;
        kept = null;
        return;
      }
      const more = piece.subarray(from, to);
      kept = kept === null ? Buffer.from(more) : Buffer.concat([kept, more]);
    },
    reset(byteOffset: number): void {
      begin = byteOffset;
      kept = null;
      isOther = false;
    },
  };
}

type Begin = Pick<LogSection, 'name' | 'byteOffset' | 'lineNumber'>;

function createSections() {
  const begins: Begin[] = [];
  /** Where the last one ends that is kept, when there are more. */
  let endOfKept: number | null = null;

  return {
    begin(section: Begin): void {
      if (begins.length < mostSections) begins.push(section);
      else endOfKept ??= section.byteOffset;
    },
    end: (sizeBytes: number): LogSection[] =>
      begins.map((section, position) => {
        const end = begins[position + 1]?.byteOffset ?? endOfKept ?? sizeBytes;
        return { position, ...section, sizeBytes: end - section.byteOffset };
      }),
  };
}
