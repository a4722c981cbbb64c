import { createReadStream } from 'node:fs';
import { ArchiveError } from './archive/archive-error.ts';
import {
  archiveLimits,
  counted,
  createBudget,
  type ArchiveLimits,
  type Budget,
} from './archive/archive-limits.ts';
import { createByteReader, type ByteReader } from './archive/byte-reader.ts';
import { detectPacking, TELLING_BYTES, type Packing } from './archive/detect-packing.ts';
import { spoolNestedZip } from './archive/nested-zip.ts';
import { gunzip } from './archive/pull-through.ts';
import { readTar } from './archive/read-tar.ts';
import { readZip } from './archive/read-zip.ts';
import { unzstd } from './archive/unzstd.ts';
import { createZstdWorkers, type ZstdWorkers } from './archive/zstd-workers.ts';

export { ArchiveError } from './archive/archive-error.ts';
export {
  archiveLimits,
  createBudget,
  type ArchiveLimits,
  type Budget,
} from './archive/archive-limits.ts';

/** One file of an upload. */
export interface ArchiveEntry {
  /** Names of the archives around it within the upload and its own, joined by `/`. Text to show, never a path. */
  readonly name: string;
  /**
   * Read once and before the next entry is asked for; what is left of it then is skipped. Throws {ArchiveError}: after
   * a `MALFORMED` or `UNSUPPORTED` one the next entry may still be read, a `LIMIT` one ends the upload.
   */
  readonly content: AsyncIterable<Uint8Array>;
}

/** An uploaded file on local disk and the name its sender gave it. */
export interface Upload {
  readonly path: string;
  readonly name: string;
}

/**
 * Gives the files inside an uploaded file, in their order, in memory that does not grow with it. Gzip, zip, tar and zstd are told by
 * their content and opened in each other; any other file is its own only entry. Folders, links and what macOS adds are skipped.
 *
 * @param budget to be shared by the files of one request
 * @throws {ArchiveError} `MALFORMED` or `UNSUPPORTED` after the entries before it, `LIMIT` for the whole upload
 */
export async function* readEntries(
  upload: Upload,
  limits: ArchiveLimits = archiveLimits,
  budget: Budget = createBudget(limits),
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const workers = createZstdWorkers(limits.zstdMs);
  const bytes = createReadStream(upload.path);
  const packed: Packed = { name: upload.name, prefix: '', bytes, path: upload.path, layer: 0 };
  try {
    yield* unpack({ upload, budget, workers }, packed);
  } finally {
    await workers.stop();
  }
}

interface Unpacking {
  readonly upload: Upload;
  readonly budget: Budget;
  readonly workers: ZstdWorkers;
}

interface Packed {
  readonly name: string;
  /** What the names of entries of this archive begin with. */
  readonly prefix: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Where the same bytes lie on disk. */
  readonly path?: string;
  /** Layers of packing around it. */
  readonly layer: number;
}

async function* unpack(
  unpacking: Unpacking,
  packed: Packed,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const reader = createByteReader(packed.bytes);
  try {
    const packing = detectPacking(await reader.peek(TELLING_BYTES));
    refuseUnlessReadable(unpacking, packed, packing);
    yield* unpackAs[packing](unpacking, packed, reader);
  } finally {
    await reader.close();
  }
}

/** Inside an archive a file of an unknown packing is as good as any other that is no report. */
function refuseUnlessReadable({ budget }: Unpacking, packed: Packed, packing: Packing): void {
  if (packing === 'UNKNOWN' && packed.layer === 0) {
    const message =
      'The upload is packed in a way that is not known; send it plain, or as gzip, zip, tar or zstd.';
    throw new ArchiveError('UNSUPPORTED', message);
  }
  if (packing === 'PLAIN' || packing === 'UNKNOWN') return;
  const { layers } = budget.limits;
  if (packed.layer >= layers)
    throw new ArchiveError('LIMIT', `The upload is packed in more than ${layers} layers.`);
}

type Unpacker = (
  unpacking: Unpacking,
  packed: Packed,
  reader: ByteReader,
) => AsyncGenerator<ArchiveEntry, void, undefined>;

const unpackAs = {
  GZIP: (unpacking, packed, reader) => unpackStream(unpacking, packed, gunzip(reader.rest())),
  ZSTD: (unpacking, packed, reader) => {
    const { workers, budget } = unpacking;
    const inflated = unzstd(reader.rest(), workers, budget.limits.zstdWindowBytes);
    return unpackStream(unpacking, packed, inflated);
  },
  TAR: unpackTar,
  ZIP: unpackZip,
  PLAIN: givePlain,
  UNKNOWN: givePlain,
} as const satisfies Record<Packing, Unpacker>;

async function* givePlain(
  _unpacking: Unpacking,
  { name }: Packed,
  reader: ByteReader,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  yield await Promise.resolve({ name, content: reader.rest() });
}

function unpackStream(
  unpacking: Unpacking,
  { name, prefix, layer }: Packed,
  inflated: AsyncIterable<Uint8Array>,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const bytes = counted(inflated, unpacking.budget);
  return unpack(unpacking, { name: inflatedName(name), prefix, bytes, layer: layer + 1 });
}

async function* unpackTar(
  unpacking: Unpacking,
  packed: Packed,
  reader: ByteReader,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const { countEntry } = unpacking.budget;
  for await (const { name, content } of readTar(reader.rest(), countEntry)) {
    if (!isClutter(name)) yield* unpack(unpacking, insideOf(packed, name, content));
  }
}

async function* unpackZip(
  unpacking: Unpacking,
  packed: Packed,
  reader: ByteReader,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const { budget, upload } = unpacking;
  const nested =
    packed.path == null ? await spoolNestedZip(reader.rest(), upload.path, budget) : undefined;
  try {
    for await (const { name, content } of readZip(
      packed.path ?? nested?.path ?? '',
      budget.countEntry,
    )) {
      const bytes = counted(content, budget);
      if (!isClutter(name)) yield* unpack(unpacking, insideOf(packed, name, bytes));
    }
  } finally {
    await nested?.remove();
  }
}

function insideOf(
  { prefix, layer }: Packed,
  innerName: string,
  bytes: AsyncIterable<Uint8Array>,
): Packed {
  const name = `${prefix}${cleanName(innerName)}`;
  return { name, prefix: `${name}/`, bytes, layer: layer + 1 };
}

/** `tar -C dir .` begins each name with `./`. Control characters have no place in a text to show, and Postgres takes no NUL. */
function cleanName(name: string): string {
  return name.replace(/^(\.\/)+/, '').replace(/\p{Cc}/gu, '\uFFFD');
}

function inflatedName(name: string): string {
  return name.replace(/\.t(gz|zst)$/i, '.tar').replace(/\.(gz|gzip|zst|zstd)$/i, '');
}

/** What macOS puts beside the files it packs. */
function isClutter(name: string): boolean {
  return /(^|\/)(__MACOSX\/|\.DS_Store$|\._[^/]*$)/.test(name);
}
