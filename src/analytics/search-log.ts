import type { UploadContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../domain/cursor.ts';
import { ValidationError } from '../errors.ts';
import { readLog, type StoredLog } from './find-log.ts';
import { createLineFinder, type FinderPlace, type LogMatch } from './find-lines.ts';
import { openLog } from './open-log.ts';
import { maxPageSize } from './page-request.ts';

/** Bytes of a log that one search goes through at most. */
const maxScannedBytes = 64 * 1024 * 1024;
const longestText = 500;

export interface LogSearchRequest {
  /** What to look for, as it stands. */
  readonly text: string;
  readonly ignoreCase: boolean;
  /** So many lines at most. */
  readonly first: number;
  /** Where an earlier search ended. */
  readonly after: string | null;
}

/** The lines that a search has found. */
export interface LogMatches {
  readonly matches: readonly LogMatch[];
  /** Bytes from the begin of the log: all that lies before has been searched. */
  readonly scannedTo: number;
  /** Whether there is more to search. */
  readonly hasNextPage: boolean;
  readonly endCursor: string;
}

const cursorOf = { list: 'BuildLog', order: 'SEARCH' };
const placeTypes = ['bigint', 'bigint', 'bigint', 'int'] as const;

/**
 * Finds the lines of the log of a build that hold a text, each once, from its begin or from where an earlier search
 * ended. It goes through 64 MiB at most, so it may end without having found as many as were asked for. Null when there
 * is no log.
 *
 * @throws {ForbiddenError} without the `READ` capability
 * @throws {ValidationError} for an argument that breaks a rule
 */
export async function searchLog(
  ctx: UploadContext,
  buildId: string,
  request: LogSearchRequest,
): Promise<LogMatches | null> {
  requireRequest(request);
  const from = placeOf(request.after);
  return readLog(ctx, buildId, async (log) => {
    const found = await scan(ctx, log, request, from);
    const { offset, line, lineOffset, isMatched } = found.place;
    const place = [offset, line, lineOffset, Number(isMatched)].map(String);
    return {
      matches: found.matches,
      scannedTo: offset,
      hasNextPage: offset < log.sizeBytes,
      endCursor: encodeCursor(cursorOf.list, cursorOf.order, place),
    };
  });
}

async function scan(
  { uploads }: UploadContext,
  log: StoredLog,
  { text, ignoreCase, first }: LogSearchRequest,
  from: FinderPlace,
): Promise<{ matches: readonly LogMatch[]; place: FinderPlace }> {
  const finder = createLineFinder({ text, ignoreCase, most: first }, from);
  const start = from.offset;
  const end = Math.min(log.sizeBytes, start + maxScannedBytes);
  for await (const chunk of await openLog(uploads.blobs, log, { start, end })) {
    if (finder.write(chunk as Buffer)) break;
  }
  return finder.end(end >= log.sizeBytes);
}

function requireRequest({ text, first }: LogSearchRequest): void {
  const issues = [
    ...(text === '' || text.length > longestText
      ? [{ path: ['text'], message: `must have from 1 to ${String(longestText)} characters` }]
      : []),
    ...(/[\r\n]/.test(text) ? [{ path: ['text'], message: 'must be on one line' }] : []),
    ...(first >= 1 && first <= maxPageSize
      ? []
      : [{ path: ['first'], message: `must be from 1 to ${String(maxPageSize)}` }]),
  ];
  if (issues.length > 0) throw new ValidationError(issues);
}

function placeOf(after: string | null): FinderPlace {
  if (after === null) return { offset: 0, line: 0, lineOffset: 0, isMatched: false };
  const place = decodeCursor('after', after, { ...cursorOf, types: placeTypes }).map(Number);
  const [offset = 0, line = 0, lineOffset = 0, isMatched = 0] = place;
  if (!place.every((number) => Number.isSafeInteger(number) && number >= 0)) {
    throw new ValidationError([{ path: ['after'], message: 'is not a cursor of this API' }]);
  }
  return { offset, line, lineOffset, isMatched: isMatched !== 0 };
}
