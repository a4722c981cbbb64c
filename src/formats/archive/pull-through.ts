import type { Transform } from 'node:stream';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { ArchiveError } from './archive-error.ts';
import { createSignal } from './signal.ts';

/**
 * Inflates gzip data of one or more members.
 *
 * @throws {ArchiveError} `MALFORMED` after what could be inflated, but for up to 16 KiB; and what the source throws
 */
export function gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return pullThrough(source, createGunzip(), 'gzip');
}

/** Inflates raw deflate data, like `gunzip`. */
export function inflateRaw(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return pullThrough(source, createInflateRaw(), 'zip');
}

/**
 * Feeds the source to the inflater only when it has no more to give. A pipeline would read ahead, and at an error drop
 * what it had read.
 */
async function* pullThrough(
  source: AsyncIterable<Uint8Array>,
  inflater: Transform,
  format: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  const signal = createSignal();
  inflater.on('readable', signal.raise).on('end', signal.raise).on('error', signal.raise);

  async function feed(): Promise<void> {
    const next = await iterator.next();
    if (next.done === true) inflater.end();
    else inflater.write(next.value, signal.raise);
  }

  try {
    while (!inflater.readableEnded) {
      const chunk = inflater.read() as Uint8Array | null; // null unless there is a buffer
      if (chunk != null) yield chunk;
      else if (inflater.errored != null) throw damaged(format, inflater.errored);
      else if (inflater.writableLength === 0 && !inflater.writableEnded) await feed();
      else await signal.wait();
    }
  } finally {
    inflater.destroy();
    await iterator.return?.();
  }
}

function damaged(format: string, cause: Error): ArchiveError {
  const isCut = cause.message === 'unexpected end of file';
  const message = `The ${format} data ${isCut ? 'ends too early' : 'is damaged'}.`;
  return new ArchiveError('MALFORMED', message, { cause });
}
