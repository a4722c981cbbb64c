import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { abortable } from './abortable.ts';
import { openSpoolDir } from './spool-dir.ts';
import { UploadError } from './upload-error.ts';

/** Takes uploads to local disk before anything is done with them. */
export interface Spool {
  /**
   * Writes a source to a file of its own, no faster than the disk takes it. Whatever goes wrong, the file is gone.
   *
   * @throws {UploadError} `TOO_LARGE` past `maxBytes`, `NO_SPACE` when the disk is full
   * @throws what the source throws, and the signal's reason
   */
  receive(source: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<SpooledFile>;
}

export interface ReceiveOptions {
  /** What the sender calls the file. */
  readonly name: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** One upload on local disk. Whoever received it removes it. */
export interface SpooledFile {
  /** What the sender calls it: text to show, never a path of ours. */
  readonly name: string;
  /** Absolute, of a name of our own. */
  readonly path: string;
  readonly sizeBytes: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** Removes the file; does nothing the second time. */
  remove(): Promise<void>;
}

/**
 * Opens a spool in a directory that several gateways may share, and removes what dead ones left there.
 *
 * @throws {OperatorError} when the directory cannot be written
 */
export function createSpool(dir: string): Spool {
  const ownDir = openSpoolDir(dir);

  return {
    async receive(source, { name, maxBytes, signal }) {
      const path = join(ownDir, randomUUID());
      const remove = () => rm(path, { force: true });
      try {
        // Made again, should somebody have cleaned up.
        await mkdir(ownDir, { recursive: true });
        const written = await writeFile(path, bounded(abortable(source, signal), maxBytes));
        return { name, path, ...written, remove };
      } catch (error) {
        await remove();
        throw isDiskFull(error) ? noSpace(error) : error;
      }
    },
  };
}

async function* bounded(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let sizeBytes = 0;
  for await (const chunk of source) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes)
      throw new UploadError('TOO_LARGE', `The file is larger than ${maxBytes} bytes.`);
    yield chunk;
  }
}

async function writeFile(
  path: string,
  source: AsyncIterable<Uint8Array>,
): Promise<Pick<SpooledFile, 'sizeBytes' | 'sha256'>> {
  const file = await open(path, 'wx', 0o600);
  try {
    return await writeChunks(file, source);
  } finally {
    await file.close();
  }
}

async function writeChunks(
  file: FileHandle,
  source: AsyncIterable<Uint8Array>,
): Promise<Pick<SpooledFile, 'sizeBytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
    await file.writeFile(chunk); // unlike write(), it goes on until all is written
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(error));
}

function noSpace(cause: unknown): UploadError {
  const message = 'The gateway has no disk space left for this upload; try again later.';
  return new UploadError('NO_SPACE', message, { cause });
}
