import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ArchiveError } from './archive-error.ts';
import type { Budget } from './archive-limits.ts';

/** A zip from inside another archive, on disk. */
export interface NestedZip {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Writes a zip that came as a stream to a file beside the upload, where leftovers are cleaned up with it.
 *
 * @throws {ArchiveError} `LIMIT` when it is too large; what the bytes throw; an error of Node when the disk is full
 */
export async function spoolNestedZip(
  bytes: AsyncIterable<Uint8Array>,
  uploadPath: string,
  { limits }: Budget,
): Promise<NestedZip> {
  const path = `${uploadPath}.${randomUUID()}.zip`;
  const remove = () => rm(path, { force: true });
  try {
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    await pipeline(bounded(bytes, limits.nestedZipBytes), file);
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}

async function* bounded(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let sizeBytes = 0;
  for await (const chunk of bytes) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) {
      const message = `A zip archive inside the upload is larger than ${maxBytes} bytes.`;
      throw new ArchiveError('LIMIT', message);
    }
    yield chunk;
  }
}
