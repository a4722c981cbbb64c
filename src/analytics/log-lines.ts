import type { UploadContext } from '../context.ts';
import { readLog, type StoredLog } from './find-log.ts';
import { decode, endOfWhole } from './log-characters.ts';
import { type LogTextRequest, requireWithin } from './log-text.ts';
import { lastBelow, openLog } from './open-log.ts';

export const maxLines = 1_000;
/** Bytes shown of a line. */
const maxLineBytes = 16 * 1024;
/** An answer ends when so many bytes were read for it. */
const maxReadBytes = 4 * 1024 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;

export interface LogLine {
  /** Its number, from 0. */
  readonly number: number;
  /** Where it begins, in bytes from the begin of the log. */
  readonly byteOffset: number;
  /** Without its end; of a long line the begin. */
  readonly text: string;
  /** Whether there is more of it. */
  readonly isCut: boolean;
}

/** Some lines of a log, in its order. */
export interface LogLines {
  readonly lines: readonly LogLine[];
  /** Number of the line to go on with; null at the end of the log. */
  readonly nextOffset: number | null;
}

/**
 * Gives lines of the log of a build, from a number on: so many, or fewer when they are long. Null when there is no log.
 *
 * @throws {ForbiddenError} without the `READ` capability
 * @throws {ValidationError} for an offset below 0, or a limit that is not from 1 to 1,000
 */
export async function logLines(
  ctx: UploadContext,
  buildId: string,
  request: LogTextRequest,
): Promise<LogLines | null> {
  requireWithin(request, maxLines);
  return readLog(ctx, buildId, async (log) => {
    const lines = await readLines(ctx, log, request);
    const next = request.offset + lines.length;
    return { lines, nextOffset: next < log.lineCount ? next : null };
  });
}

async function readLines(
  { uploads }: UploadContext,
  log: StoredLog,
  { offset, limit }: LogTextRequest,
): Promise<LogLine[]> {
  if (offset >= log.lineCount) return [];
  // The line begins behind the end of the one before, which is in this member.
  const member = lastBelow(log.memberLines, offset);
  const start = log.memberOffsets[member] ?? 0;
  const collector = createCollector({
    byteOffset: start,
    number: log.memberLines[member] ?? 0,
    offset,
    limit,
  });
  for await (const chunk of await openLog(uploads.blobs, log, { start, end: log.sizeBytes })) {
    if (collector.write(chunk as Buffer)) break;
  }
  return collector.end();
}

interface Begin {
  readonly byteOffset: number;
  readonly number: number;
  /** The first line that is wanted. */
  readonly offset: number;
  readonly limit: number;
}

/** Collects lines from a stream that begins somewhere before them. */
function createCollector({ byteOffset, number, offset, limit }: Begin) {
  const lines: LogLine[] = [];
  let line = { number, byteOffset, kept: [] as Buffer[], keptBytes: 0, sizeBytes: 0 };
  let readBytes = 0;

  function add(part: Buffer): void {
    line.sizeBytes += part.length;
    if (line.number < offset) return;
    const piece = part.subarray(0, maxLineBytes - line.keptBytes);
    line.kept.push(piece);
    line.keptBytes += piece.length;
  }

  function finish(): void {
    if (line.number >= offset) lines.push(toLine(line));
    const next = line.byteOffset + line.sizeBytes + 1;
    line = { number: line.number + 1, byteOffset: next, kept: [], keptBytes: 0, sizeBytes: 0 };
  }

  return {
    /** Whether that is enough. */
    write(chunk: Buffer): boolean {
      let from = 0;
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
        add(chunk.subarray(from, at));
        finish();
        from = at + 1;
        if (lines.length === limit) return true;
      }
      add(chunk.subarray(from));
      readBytes += chunk.length;
      return readBytes >= maxReadBytes;
    },
    /** A line that was not read to its end is for the next answer, unless it is the first of this one. */
    end(): LogLine[] {
      const isAtEnd = readBytes < maxReadBytes;
      const isMissing = lines.length < limit && line.sizeBytes > 0 && line.number >= offset;
      if (isMissing && (isAtEnd || lines.length === 0)) finish();
      return lines;
    },
  };
}

function toLine(line: {
  readonly number: number;
  readonly byteOffset: number;
  readonly kept: readonly Buffer[];
  readonly sizeBytes: number;
}): LogLine {
  const bytes = Buffer.concat(line.kept);
  const isCut = line.sizeBytes > bytes.length;
  const end = isCut ? endOfWhole(bytes) : withoutReturn(bytes);
  const { number, byteOffset } = line;
  return { number, byteOffset, text: decode(bytes.subarray(0, end)), isCut };
}

function withoutReturn(bytes: Buffer): number {
  return bytes.length - Number(bytes.at(-1) === carriageReturn);
}
