import { createJsonText } from './log-text.ts';
import { createLogOutline } from './log-outline.ts';

/** A body of `build-logs`, of any size, read in memory that does not grow with the log. */
export interface LogBody {
  /**
   * The text of `logContent`, as UTF-8, as it comes. To be read to its end, which is the end of the body.
   *
   * @throws {ValidationError} when the body is no JSON, or holds two logs
   * @throws {UploadError} when there is too much beside the log
   */
  readonly content: AsyncIterable<Uint8Array>;
  /**
   * The JSON of the body, with an empty text as its `logContent` if that was one.
   *
   * @throws {ValidationError} when the body is no JSON
   */
  readonly fields: () => unknown;
}

/** Takes the log out of a body, wherever in it the log stands (Contract: buildbutler.md 7.5). */
export function readLogBody(body: AsyncIterable<Uint8Array>): LogBody {
  const scanner = createLogScanner();

  async function* content(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of body) {
      const text = scanner.write(chunk);
      if (text.length > 0) yield text;
    }
  }

  return { content: content(), fields: () => scanner.end() };
}

/** Reads a body piece by piece. */
export interface LogScanner {
  /** Takes the next piece; gives what it adds to `logContent`, as UTF-8. */
  write(chunk: Uint8Array): Uint8Array;
  /** Ends the body; gives its JSON without the log. */
  end(): unknown;
}

/**
 * Makes a scanner that agrees with JSON.parse, whatever the pieces. Bytes of the log that are no UTF-8 stay as they
 * are; a lone surrogate becomes U+FFFD.
 */
export function createLogScanner(): LogScanner {
  const outline = createLogOutline();
  const text = createJsonText();

  return {
    write(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      text.makeRoom(bytes.length);
      let at = 0;
      while (at < bytes.length) {
        if (!outline.isInLog()) {
          at = outline.take(bytes, at);
          continue;
        }
        at = text.take(bytes, at);
        if (at < bytes.length) outline.leaveLog();
      }
      return text.taken();
    },
    end: () => outline.end(),
  };
}
