import type { FileHandle } from 'node:fs/promises';
import { RandomAccessReader } from 'yauzl';

/**
 * The bytes of a zip on disk, for yauzl. Its own reader throws from a callback, and so ends the process, when an archive
 * gives an offset beyond the safe integers.
 */
export class ZipBytes extends RandomAccessReader {
  readonly #file: FileHandle;
  readonly #sizeBytes: number;

  constructor(file: FileHandle, sizeBytes: number) {
    super();
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (!(position >= 0 && position + length <= this.#sizeBytes)) {
      setImmediate(callback, new Error('it points beyond its end'));
      return;
    }
    this.#file.read(buffer, offset, length, position).then(({ bytesRead }) => {
      callback(bytesRead < length ? new Error('it ends too early') : null);
    }, callback);
  }
}
