import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Keeps files by key. Several gateways may share one: a key written twice at the same time holds one of the two, never a
 * mixture. A key is one or more segments of `[A-Za-z0-9._-]`, joined by `/`, none of which begins with a dot; no key is
 * a folder of another.
 */
export interface BlobStore {
  /** Copies a local file to the key, in place of what is there. When it resolves, the bytes survive a crash. */
  putFile(key: string, path: string): Promise<void>;
  /** Opens a blob, or a range of its bytes. @throws {BlobNotFoundError} */
  read(key: string, range?: BlobRange): Promise<Readable>;
  /** Copies a blob to a local file. @throws {BlobNotFoundError} */
  fetchTo(key: string, path: string): Promise<void>;
  /** Size in bytes. @throws {BlobNotFoundError} */
  size(key: string): Promise<number>;
  /** Removes a blob; does nothing when there is none. */
  remove(key: string): Promise<void>;
}

/** Bytes of a blob, from 0; what lies beyond its end is left out. */
export interface BlobRange {
  readonly start: number;
  /** The first byte that is not wanted; the end of the blob when not given. */
  readonly end?: number | undefined;
}

/** There is no blob of that key. */
export class BlobNotFoundError extends Error {
  override readonly name = 'BlobNotFoundError';
  readonly key: string;

  constructor(key: string, options?: ErrorOptions) {
    super(`There is no blob "${key}".`, options);
    this.key = key;
  }
}

const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;
const LONGEST_KEY = 900;

/** @throws {RangeError} when the key is not one */
export function checkKey(key: string): void {
  if (key.length > LONGEST_KEY || !key.split('/').every((segment) => SEGMENT.test(segment)))
    throw new RangeError(`"${key}" is not a key of a blob.`);
}

/** @throws {RangeError} unless both ends are whole numbers from 0, in order */
export function checkRange({ start, end = start }: BlobRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    throw new RangeError(`${start} to ${end} is not a range of bytes.`);
}

/** Writes a stream to a new or emptied local file; a failure leaves none. */
export async function writeTo(path: string, bytes: Readable): Promise<void> {
  try {
    await pipeline(bytes, createWriteStream(path));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
