import { Decompress } from 'fzstd';
import { setImmediate } from 'node:timers/promises';
import { ArchiveError } from './archive-error.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import { createByteReader } from './byte-reader.ts';
import { readZstdBlock, readZstdFrame, type ZstdBlock, type ZstdFrame } from './zstd-blocks.ts';

/** Others get a turn after this much of moving. */
const MOVED_PER_TURN = 64 * 1024 ** 2;
/** A block of 128 KiB takes 2 ms. One made to hurt can keep fzstd busy for seconds, and shall be the last. */
const LONGEST_BLOCK_MS = 500;

/**
 * Inflates zstd data of one or more frames. Checksums are not checked.
 *
 * The frames are taken apart before fzstd sees them: it allocates whatever window a frame asks for (up to 2 GB), and moves all of
 * it for every block, which may be of one byte.
 *
 * @throws {ArchiveError} after what could be inflated; and what the source throws
 */
export async function* unzstd(
  source: AsyncIterable<Uint8Array>,
  { zstdWindowBytes, zstdMovedBytes }: Pick<ArchiveLimits, 'zstdWindowBytes' | 'zstdMovedBytes'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = createByteReader(source);
  const work = createWork(zstdMovedBytes);
  try {
    for (;;) {
      const frame = await readZstdFrame(reader);
      if (frame == null) return;
      if (frame.windowBytes > zstdWindowBytes) throw windowTooLarge(frame, zstdWindowBytes);
      const decoder = createDecoder(frame);
      let block: ZstdBlock;
      do {
        block = await readZstdBlock(reader, frame);
        const inflated = work.time(() => decoder.decode(block));
        if (inflated.byteLength > 0) yield inflated;
        await work.count(frame.windowBytes);
      } while (!block.isLast);
      decoder.end();
    }
  } finally {
    await reader.close();
  }
}

interface Decoder {
  decode(block: ZstdBlock): Uint8Array;
  end(): void;
}

function createDecoder({ header, contentBytes }: ZstdFrame): Decoder {
  let pending = header;
  let output: Uint8Array[] = [];
  let sizeBytes = 0;
  const decompressor = new Decompress((chunk) => output.push(chunk));

  return {
    decode({ bytes, isLast }) {
      try {
        decompressor.push(Buffer.concat([pending, bytes]), isLast);
      } catch (cause) {
        throw damaged(cause); // whatever it stumbles over: it checks little and fails in many ways
      }
      pending = Buffer.alloc(0);
      const inflated = Buffer.concat(output);
      output = [];
      sizeBytes += inflated.length;
      return inflated;
    },
    end() {
      if (contentBytes != null && sizeBytes !== contentBytes) throw damaged();
    },
  };
}

interface Work {
  /** @throws {ArchiveError} `LIMIT` when it took far too long */
  time<Result>(step: () => Result): Result;
  /** @throws {ArchiveError} `LIMIT` when it is too much in all */
  count(movedBytes: number): Promise<void>;
}

function createWork(mostMovedBytes: number): Work {
  let movedBytes = 0;
  let movedThisTurn = 0;

  return {
    time(step) {
      const startedAt = performance.now();
      const result = step();
      if (performance.now() - startedAt > LONGEST_BLOCK_MS) throw tooSlow();
      return result;
    },
    async count(moved) {
      movedBytes += moved;
      movedThisTurn += moved;
      if (movedBytes > mostMovedBytes) throw tooSlow();
      if (movedThisTurn < MOVED_PER_TURN) return;
      movedThisTurn = 0;
      await setImmediate();
    },
  };
}

function tooSlow(): ArchiveError {
  const message =
    'The zstd data takes too long to inflate; compress it with larger blocks or as gzip.';
  return new ArchiveError('LIMIT', message);
}

function windowTooLarge({ windowBytes }: ZstdFrame, most: number): ArchiveError {
  const message = `The zstd data asks for a window of ${windowBytes} bytes; the limit is ${most} (compress with level 19 or less, without --long).`;
  return new ArchiveError('LIMIT', message);
}

function damaged(cause?: unknown): ArchiveError {
  return new ArchiveError('MALFORMED', 'The zstd data is damaged.', { cause });
}
