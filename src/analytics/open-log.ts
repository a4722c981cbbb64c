import { pipeline, Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { StoredLog } from './find-log.ts';

/** Bytes of a log, from 0; the end is the first that is not wanted. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Opens a range of a log's text. Only the members it lies in are read. Destroying the stream closes the blob.
 *
 * @throws {BlobNotFoundError} when the log was replaced
 */
export async function openLog(
  blobs: BlobStore,
  log: StoredLog,
  { start, end }: TextRange,
): Promise<Readable> {
  const stop = Math.min(end, log.sizeBytes);
  if (start >= stop) return Readable.from([]);
  const first = lastBelow(log.memberOffsets, start + 1);
  const last = lastBelow(log.memberOffsets, stop);
  const packed = await blobs.read(log.blobKey, {
    start: log.memberPositions[first] ?? 0,
    end: log.memberPositions[last + 1],
  });
  const begin = log.memberOffsets[first] ?? 0;
  // What goes wrong on the way comes out of the last stream.
  return pipeline(packed, createGunzip(), slice(start - begin, stop - start), () => undefined);
}

/** Reads a range of a log's text into memory. */
export async function readText(
  blobs: BlobStore,
  log: StoredLog,
  range: TextRange,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await openLog(blobs, log, range)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Place of the last number below a bound, in a list that never falls; 0 when there is none. */
export function lastBelow(numbers: readonly number[], bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < bound) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function slice(skip: number, take: number): Transform {
  let toSkip = skip;
  let toTake = take;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const part = chunk.subarray(toSkip, toSkip + toTake);
      toSkip = Math.max(0, toSkip - chunk.length);
      toTake -= part.length;
      done(null, part.length > 0 ? part : undefined);
    },
  });
}
