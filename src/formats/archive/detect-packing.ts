/** How a file is packed or compressed. `PLAIN` is a file to read, `UNKNOWN` a packing that we cannot open. */
export type Packing = 'GZIP' | 'ZIP' | 'TAR' | 'ZSTD' | 'PLAIN' | 'UNKNOWN';

/** Bytes that `detectPacking` wants to see. */
export const TELLING_BYTES = 512;

const MAGIC: readonly (readonly [start: string, packing: Packing])[] = [
  ['1f8b08', 'GZIP'],
  ['504b0304', 'ZIP'],
  ['504b0506', 'ZIP'], // an empty one
  ['28b52ffd', 'ZSTD'],
  ['425a68', 'UNKNOWN'], // bzip2
  ['fd377a585a00', 'UNKNOWN'], // xz
  ['377abcaf271c', 'UNKNOWN'], // 7z
  ['526172211a07', 'UNKNOWN'], // rar
  ['04224d18', 'UNKNOWN'], // lz4
];

/** Tells by its first 512 bytes (fewer when it is shorter) how a file is packed. */
export function detectPacking(head: Buffer): Packing {
  const start = head.toString('hex', 0, 8);
  const found = MAGIC.find(([magic]) => start.startsWith(magic));
  if (found != null) return found[1];
  if (/^5.2a4d18/.test(start)) return 'ZSTD'; // a frame to skip, which parallel compressors write first
  return isTarHeader(head) ? 'TAR' : 'PLAIN';
}

/** By checksum: the tar of Unix 7 has no magic, and no text adds up. */
function isTarHeader(head: Buffer): boolean {
  if (head.length < TELLING_BYTES || head[0] === 0) return false;
  const stated = /^[ 0]*([0-7]+)[ \0]/.exec(head.toString('latin1', 148, 156))?.[1];
  if (stated == null) return false;
  const sum = head.reduce((total, byte) => total + byte, 0);
  const sumOfChecksum = head.subarray(148, 156).reduce((total, byte) => total + byte, 0);
  return sum - sumOfChecksum + 8 * 32 === parseInt(stated, 8);
}
