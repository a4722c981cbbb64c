import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import {
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  type Entry,
  type ZipFile,
} from 'yauzl';
import { errorCode } from '../../error-code.ts';
import { ArchiveError } from './archive-error.ts';
import { inflateRaw } from './pull-through.ts';
import { ZipBytes } from './zip-bytes.ts';
import { createZipSpans } from './zip-spans.ts';

/** One file of a zip; folders and links are not given. */
export interface ZippedFile {
  readonly name: string;
  /** Read from disk when it is asked for; throws {ArchiveError} `MALFORMED` or `UNSUPPORTED`. */
  readonly content: AsyncIterable<Uint8Array>;
}

const STORED = 0;
const DEFLATED = 8;

/**
 * Reads the files of a zip on disk in the order of its directory, zip64 too.
 *
 * @param onHeader is told the name of every entry before it is given or skipped
 * @throws {ArchiveError} `MALFORMED` or `UNSUPPORTED` after what comes before the damage
 */
export async function* readZip(
  path: string,
  onHeader: (name: string) => void,
): AsyncGenerator<ZippedFile, void, undefined> {
  const file = await open(path);
  try {
    const zip = await openZip(file);
    const spans = createZipSpans();
    for await (const entry of entriesOf(zip)) {
      const name = nameOf(entry);
      onHeader(name);
      spans.add(entry);
      if (!name.endsWith('/') && !isLink(entry))
        yield { name, content: contentOf({ zip, entry, name, path }) };
    }
  } finally {
    await file.close();
  }
}

async function openZip(file: FileHandle): Promise<ZipFile> {
  const { size } = await file.stat();
  const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
  try {
    return await fromRandomAccessReaderPromise(new ZipBytes(file, size), size, options);
  } catch (error) {
    throw explain(error);
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry, void, undefined> {
  try {
    yield* zip.eachEntry();
  } catch (error) {
    throw explain(error);
  }
}

interface Zipped {
  readonly zip: ZipFile;
  readonly entry: Entry;
  readonly name: string;
  readonly path: string;
}

async function* contentOf(zipped: Zipped): AsyncGenerator<Uint8Array, void, undefined> {
  const { entry, name } = zipped;
  const method = entry.compressionMethod;
  if (entry.isEncrypted()) throw unsupported(`"${name}" in the zip archive is encrypted.`);
  if (method !== STORED && method !== DEFLATED)
    throw unsupported(`"${name}" is compressed with zip method ${method}; use deflate.`);

  const stored = await storedBytes(zipped);
  yield* checked(method === STORED ? stored : inflateRaw(stored), zipped);
}

async function storedBytes({ zip, entry, path }: Zipped): Promise<AsyncIterable<Uint8Array>> {
  try {
    const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    if (entry.compressedSize === 0) return createEmpty();
    return createReadStream(path, { start, end: start + entry.compressedSize - 1 });
  } catch (error) {
    throw explain(error);
  }
}

/** The directory states size and checksum; a stream that breaks its word is damaged. */
async function* checked(
  content: AsyncIterable<Uint8Array>,
  { entry, name }: Zipped,
): AsyncGenerator<Uint8Array, void, undefined> {
  let sizeBytes = 0;
  let checksum = 0;
  for await (const chunk of content) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > entry.uncompressedSize) break;
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (sizeBytes !== entry.uncompressedSize || checksum !== entry.crc32)
    throw new ArchiveError('MALFORMED', `"${name}" in the zip archive is damaged.`);
}

async function* createEmpty(): AsyncGenerator<Uint8Array, void, undefined> {
  // no bytes
}

/** As UTF-8 when it is, else as the archive says: many tools write UTF-8 and do not say so. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  try {
    return utf8.decode(fileNameRaw).replaceAll('\\', '/');
  } catch {
    return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  }
}

function isLink({ versionMadeBy, externalFileAttributes }: Entry): boolean {
  const isUnix = versionMadeBy >> 8 === 3;
  return isUnix && ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

function unsupported(message: string): ArchiveError {
  return new ArchiveError('UNSUPPORTED', message);
}

/** Yauzl's errors are plain ones with a text; those of the disk have a code and are none of the sender's business. */
function explain(error: unknown): unknown {
  if (!(error instanceof Error) || errorCode(error) !== '') return error;
  if (/encryption|multi-disk/.test(error.message))
    return unsupported(`The zip archive cannot be read: ${error.message}.`);
  return new ArchiveError('MALFORMED', `The zip archive is damaged: ${error.message}.`, {
    cause: error,
  });
}
