import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { TooLargeError } from '../errors.ts';
import { createLogIndexer, type LogIndex } from './index-log.ts';

/** The most bytes of one log, before compression. */
export const maxLogBytes = 2 * 1024 ** 3;

/** Bytes of text in one member: what is unpacked to read one line, and what a member costs stays small beside it. */
export const memberBytes = 1024 * 1024;

const pack = promisify(gzip);

/** Where the members of a packed log are; the lists are parallel. */
export interface LogMembers {
  /** Where the text of each begins in the log, in bytes. */
  readonly memberOffsets: readonly number[];
  /** Where each begins in the packed log, in bytes. */
  readonly memberPositions: readonly number[];
  /** How many lines end before each. */
  readonly memberLines: readonly number[];
}

/** A log that is packed while it is read. */
export interface PackedLog {
  /**
   * Gzip members, one after the other.
   *
   * @throws {TooLargeError} when the log has more than `maxBytes`
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What is known of it when `bytes` have been read to their end. */
  readonly index: () => LogIndex & LogMembers;
}

/** Packs a log, so that `zcat` reads it and so that any part of it can be read alone. */
export function packLog(log: AsyncIterable<Uint8Array>, maxBytes = maxLogBytes): PackedLog {
  const indexer = createLogIndexer();
  const memberOffsets: number[] = [];
  const memberPositions: number[] = [];
  const memberLines: number[] = [];
  let position = 0;
  let offset = 0;

  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const text of cut(log)) {
      if (offset + text.length > maxBytes) {
        throw new TooLargeError(`A log may have at most ${String(maxBytes)} bytes.`);
      }
      memberOffsets.push(offset);
      memberPositions.push(position);
      memberLines.push(indexer.endedLines());
      indexer.write(text);
      const packed = await pack(text);
      offset += text.length;
      position += packed.length;
      yield packed;
    }
  }

  const index = () => ({ ...indexer.end(), memberOffsets, memberPositions, memberLines });
  return { bytes: bytes(), index };
}

/** Gives the same bytes in pieces of one size, but for the last; each is good until the next is asked for. */
async function* cut(log: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const piece = Buffer.allocUnsafe(memberBytes);
  let length = 0;
  for await (const chunk of log) {
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + memberBytes - length);
      piece.set(part, length);
      from += part.length;
      length += part.length;
      if (length < memberBytes) continue;
      yield piece;
      length = 0;
    }
  }
  if (length > 0) yield piece.subarray(0, length);
}
