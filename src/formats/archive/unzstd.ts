import { ArchiveError } from './archive-error.ts';
import { createByteReader, type ByteReader } from './byte-reader.ts';
import { readZstdBlock, readZstdFrame, type ZstdBlock, type ZstdFrame } from './zstd-blocks.ts';
import type { ZstdDecoder, ZstdWorkers } from './zstd-workers.ts';

/**
 * Inflates zstd data of one or more frames. Checksums are not checked.
 *
 * The frames are taken apart before fzstd sees them, since it allocates whatever window a frame asks for (up to 2 GB). And it runs in a
 * worker that can be stopped: one block of 128 KiB made to hurt keeps fzstd 0.1.1 busy for more than ten minutes, and
 * blocks of one byte cost a move of the window each.
 *
 * @throws {ArchiveError} after what could be inflated; and what the source throws
 */
export async function* unzstd(
  source: AsyncIterable<Uint8Array>,
  workers: ZstdWorkers,
  maxWindowBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = createByteReader(source);
  const decoder = workers.acquire();
  try {
    for (;;) {
      const frame = await readZstdFrame(reader);
      if (frame == null) return;
      if (frame.windowBytes > maxWindowBytes) throw windowTooLarge(frame, maxWindowBytes);
      yield* inflateFrame(reader, frame, decoder);
    }
  } finally {
    decoder.release();
    await reader.close();
  }
}

async function* inflateFrame(
  reader: ByteReader,
  frame: ZstdFrame,
  decoder: ZstdDecoder,
): AsyncGenerator<Uint8Array, void, undefined> {
  let isFirst = true;
  let sizeBytes = 0;
  let block: ZstdBlock;
  do {
    block = await readZstdBlock(reader, frame);
    const bytes = isFirst ? Buffer.concat([frame.header, block.bytes]) : block.bytes;
    const inflated = await decoder.decode({ bytes, isFirst, isLast: block.isLast });
    isFirst = false;
    sizeBytes += inflated.length;
    if (inflated.length > 0) yield inflated;
  } while (!block.isLast);

  if (frame.contentBytes != null && sizeBytes !== frame.contentBytes)
    throw new ArchiveError('MALFORMED', 'The zstd data is damaged.');
}

function windowTooLarge({ windowBytes }: ZstdFrame, most: number): ArchiveError {
  const message = `The zstd data asks for a window of ${windowBytes} bytes; the limit is ${most} (compress with level 19 or less, without --long).`;
  return new ArchiveError('LIMIT', message);
}
