import type { UploadContext } from '../context.ts';
import { ValidationError } from '../errors.ts';
import { beginOfCharacter, decode, endOfCharacter, longestCharacter } from './log-characters.ts';
import { readLog } from './find-log.ts';
import { readText } from './open-log.ts';

/** The most bytes of text in one answer. */
export const maxTextBytes = 1024 * 1024;

/** A part of a log as text. */
export interface LogText {
  /** Where it begins, in bytes from the begin of the log. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** Bytes that are no UTF-8 are U+FFFD. */
  readonly text: string;
  /** Where the next part begins; null at the end of the log. */
  readonly nextOffset: number | null;
}

export interface LogTextRequest {
  /** Bytes from the begin of the log; inside of a character: where that begins. */
  readonly offset: number;
  /** Bytes, so many at most; a whole character at least. */
  readonly limit: number;
}

/**
 * Gives a part of the log of a build, which neither begins nor ends inside of a character. Null when there is none.
 *
 * @throws {ForbiddenError} without the `READ` capability
 * @throws {ValidationError} for an offset below 0, or a limit that is not from 1 to 1 MiB
 */
export async function logText(
  ctx: UploadContext,
  buildId: string,
  { offset, limit }: LogTextRequest,
): Promise<LogText | null> {
  requireWithin({ offset, limit }, maxTextBytes);
  return readLog(ctx, buildId, async (log) => {
    const { sizeBytes } = log;
    const asked = Math.min(offset, sizeBytes);
    // A character begins at most three bytes before any of its own.
    const from = Math.max(0, asked - longestCharacter + 1);
    const to = Math.min(sizeBytes, asked + limit + longestCharacter - 1);
    const bytes = await readText(ctx.uploads.blobs, log, { start: from, end: to });
    const start = beginOfCharacter(bytes, asked - from);
    const stop = Math.min(asked - from + limit, sizeBytes - from);
    const cut = beginOfCharacter(bytes, stop);
    const end = cut > start ? cut : endOfCharacter(bytes, start);
    return {
      offset: from + start,
      sizeBytes: end - start,
      text: decode(bytes.subarray(start, end)),
      nextOffset: from + end < sizeBytes ? from + end : null,
    };
  });
}

/** @throws {ValidationError} for an offset below 0, or a limit that is not from 1 to `maxLimit` */
export function requireWithin({ offset, limit }: LogTextRequest, maxLimit: number): void {
  const issues = [
    ...(offset >= 0 ? [] : [{ path: ['offset'], message: 'must not be negative' }]),
    ...(limit >= 1 && limit <= maxLimit
      ? []
      : [{ path: ['limit'], message: `must be from 1 to ${String(maxLimit)}` }]),
  ];
  if (issues.length > 0) throw new ValidationError(issues);
}
