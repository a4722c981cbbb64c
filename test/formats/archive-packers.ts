import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { onTestFinished } from 'vitest';
import type { Upload } from '../../src/formats/archive.ts';

export interface Content {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes as an uploaded file, gone after the test. */
export async function uploaded(bytes: Uint8Array, name = 'upload'): Promise<Upload> {
  const path = join(tmpdir(), `buildatlas-archive-${randomUUID()}`);
  onTestFinished(() => rm(path, { force: true }));
  await writeFile(path, bytes);
  return { path, name };
}

export async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function packTar(contents: readonly Content[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, bytes } of contents) tar.entry({ name }, bytes);
  tar.finalize();
  // Its type lacks the iterator that it has.
  return await bytesOf(tar as unknown as AsyncIterable<Uint8Array>);
}

/** What a zip says of one entry, where that differs from what it holds. */
export interface ZipClaims {
  readonly sizeBytes?: number;
  readonly crc?: number;
  readonly method?: number;
  readonly flags?: number;
  /** Offset of the local header. */
  readonly offset?: number;
}

/** A zip of deflated entries. */
export function packZip(contents: readonly (Content & ZipClaims)[]): Buffer {
  return packZipRaw(
    contents.map(({ bytes, ...entry }) => ({
      crc: crc32(bytes),
      sizeBytes: bytes.byteLength,
      ...entry,
      deflated: [deflateRawSync(bytes)],
    })),
  );
}

/** A zip of entries that are deflated already. */
export function packZipRaw(
  entries: readonly (ZipClaims & { readonly name: string; readonly deflated: readonly Buffer[] })[],
): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, deflated, ...claims } of entries) {
    const rawName = Buffer.from(name);
    const length = deflated.reduce((sum, { length }) => sum + length, 0);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(claims.flags ?? 0x800, 2);
    header.writeUInt16LE(claims.method ?? 8, 4);
    header.writeUInt32LE(claims.crc ?? 0, 10);
    header.writeUInt32LE(length, 14);
    header.writeUInt32LE(claims.sizeBytes ?? 0, 18);
    header.writeUInt16LE(rawName.length, 22);
    const place = Buffer.alloc(4);
    place.writeUInt32LE(claims.offset ?? offset);
    central.push(
      Buffer.from('PK\u0001\u0002\u0014\u0000'),
      header,
      Buffer.alloc(10),
      place,
      rawName,
    );
    local.push(Buffer.from('PK\u0003\u0004'), header, rawName, ...deflated);
    offset += 30 + rawName.length + length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

/** A zstd frame of raw blocks, as Node 20 cannot compress. */
export function packZstd(bytes: Uint8Array, windowDescriptor = 0x38): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, windowDescriptor])];
  for (let at = 0; at < bytes.length; at += 100_000) {
    const piece = bytes.subarray(at, at + 100_000);
    parts.push(zstdBlock(piece.length, { type: 0 }), Buffer.from(piece));
  }
  parts.push(zstdBlock(0, { type: 0, isLast: true }));
  return Buffer.concat(parts);
}

/** The header of a zstd block: type 0 is raw, 1 one repeated byte, 2 compressed. */
export function zstdBlock(
  size: number,
  { type, isLast = false }: { readonly type: number; readonly isLast?: boolean },
): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((size << 3) | (type << 1) | Number(isLast), 0, 3);
  return header;
}

const ZEROS_AT_ONCE = 64 * 1024 ** 2;

/** One deflate stream that inflates to so many bytes of zeros, in pieces of 64 MiB, for a zip. */
export function deflatedZeros(sizeBytes: number) {
  const zeros = Buffer.alloc(ZEROS_AT_ONCE);
  const piece = deflateRawSync(zeros, { level: 1, finishFlush: constants.Z_FULL_FLUSH });
  const pieces = Array.from({ length: sizeBytes / ZEROS_AT_ONCE }, () => piece);
  const crc = pieces.reduce((checksum) => crc32(zeros, checksum), 0);
  return { sizeBytes, crc, deflated: [...pieces, Buffer.from([0x03, 0x00])] };
}

/** A gzip file that inflates to so many bytes of zeros, in members of 64 MiB. */
export function gzippedZeros(sizeBytes: number): Buffer {
  const member = gzipSync(Buffer.alloc(ZEROS_AT_ONCE), { level: 1 });
  return Buffer.concat(Array.from({ length: sizeBytes / ZEROS_AT_ONCE }, () => member));
}
