import { ArchiveError } from './archive-error.ts';
import type { ByteReader } from './byte-reader.ts';

/** What a zstd frame says of itself. RFC 8878, 3.1.1.1. */
export interface ZstdFrame {
  /** The header as it came, magic number included. */
  readonly header: Buffer;
  readonly windowBytes: number;
  readonly hasChecksum: boolean;
  /** Bytes the frame inflates to; undefined when it does not say. */
  readonly contentBytes: number | undefined;
}

/** One block of a frame, its three bytes of header included. RFC 8878, 3.1.1.2. */
export interface ZstdBlock {
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
/** Of any block. */
const MOST_BLOCK_BYTES = 128 * 1024;
const RLE = 1;
const RESERVED = 3;

/** Finds the next frame, past those that say they are to be skipped; undefined at the end of the stream. */
export async function readZstdFrame(reader: ByteReader): Promise<ZstdFrame | undefined> {
  for (;;) {
    const magic = await reader.peek(4);
    if (magic.length === 0) return (await reader.read(1)).length === 0 ? undefined : damaged();
    if (magic.length < 4) throw cut();
    const number = magic.readUInt32LE();
    if (number === MAGIC) return await readFrameHeader(reader);
    if ((number & 0xfffffff0) >>> 0 !== SKIPPABLE) damaged();
    await readExactly(reader, 4);
    await skip(reader, (await readExactly(reader, 4)).readUInt32LE());
  }
}

/** Reads one block, and the frame's checksum behind the last one: the decoder wants it, though it does not check it. */
export async function readZstdBlock(
  reader: ByteReader,
  { hasChecksum }: ZstdFrame,
): Promise<ZstdBlock> {
  const header = await reader.peek(3);
  if (header.length < 3) await readExactly(reader, 3);
  const bits = header.readUIntLE(0, 3);
  const isLast = (bits & 1) === 1;
  const type = (bits >> 1) & 3;
  const size = bits >> 3;
  if (type === RESERVED || size > MOST_BLOCK_BYTES) damaged();
  const checksumBytes = isLast && hasChecksum ? 4 : 0;
  return {
    bytes: await readExactly(reader, 3 + (type === RLE ? 1 : size) + checksumBytes),
    isLast,
  };
}

async function readFrameHeader(reader: ByteReader): Promise<ZstdFrame> {
  const [, , , , descriptor = 0] = await reader.peek(5);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const windowBytes = isSingleSegment ? 0 : 1;
  const header = await readExactly(reader, 5 + windowBytes + dictionaryBytes + sizeBytes);
  if ((descriptor & 8) !== 0) damaged();
  const dictionary = header.subarray(5 + windowBytes, header.length - sizeBytes);
  if (dictionary.some((byte) => byte !== 0))
    throw new ArchiveError('UNSUPPORTED', 'The zstd data needs a dictionary.');
  const contentBytes = readContentSize(header.subarray(header.length - sizeBytes));

  return {
    header,
    windowBytes: isSingleSegment ? (contentBytes ?? 0) : windowOf(header[5] ?? 0),
    hasChecksum: (descriptor & 4) !== 0,
    contentBytes,
  };
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readContentSize(bytes: Buffer): number | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes.length === 8) return Number(bytes.readBigUInt64LE());
  return bytes.readUIntLE(0, bytes.length) + (bytes.length === 2 ? 256 : 0);
}

async function readExactly(reader: ByteReader, size: number): Promise<Buffer> {
  const bytes = await reader.read(size);
  if (bytes.length < size) throw cut();
  return bytes;
}

async function skip(reader: ByteReader, size: number): Promise<void> {
  for (let left = size; left > 0; left -= MOST_BLOCK_BYTES) {
    await readExactly(reader, Math.min(left, MOST_BLOCK_BYTES));
  }
}

function cut(): ArchiveError {
  return new ArchiveError('MALFORMED', 'The zstd data ends too early.');
}

function damaged(): never {
  throw new ArchiveError('MALFORMED', 'The zstd data is damaged.');
}
