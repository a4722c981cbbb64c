import { UploadError } from '../../blobs/upload-error.ts';
import { ValidationError } from '../../errors.ts';
import { createStringDecoder } from './json-string.ts';

/** Reads the body of `build-logs`, of any size, in memory that does not grow with the log. */
export interface LogScanner {
  /** Takes the next piece of the body; gives what it adds to `logContent`, as UTF-8. */
  write(chunk: Uint8Array): Uint8Array;
  /** Ends the body; gives its JSON, with an empty `logContent` in place of the text. */
  end(): unknown;
}

const key = 'logContent';
/** Each character of a key may be written as `\uXXXX`. */
const longestKey = 6 * key.length;
/** The most bytes of everything beside the log. */
const longestRest = 8 * 1024 * 1024;

const quote = 0x22;
const backslash = 0x5c;

/**
 * Makes a scanner that agrees with JSON.parse. Bytes of the log that are no UTF-8 stay as they are; a lone surrogate
 * becomes U+FFFD.
 *
 * @throws {ValidationError} in `write` or `end` when the body is no JSON, or has two logs
 * @throws {UploadError} when there is too much beside the log
 */
export function createLogScanner(): LogScanner {
  const outline = createOutline();
  const decoder = createStringDecoder();
  let isInLog = false;

  return {
    write(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const room = decoder.roomFor(bytes.length);
      let at = 0;
      while (at < bytes.length) {
        at = isInLog ? decoder.decode(bytes, at, room) : outline.take(bytes, at);
        isInLog = isInLog ? !decoder.isAtEnd() : outline.isAtLog();
        // The quote that ends the log belongs to the outline, as the one that begins it.
        if (decoder.isAtEnd()) at = outline.leaveLog(bytes, at);
        if (isInLog && outline.isAtLog()) decoder.begin();
      }
      return room.bytes.subarray(0, room.length);
    },
    end: outline.end,
  };
}
