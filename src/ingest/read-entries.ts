import { createHash } from 'node:crypto';
import { ArchiveError } from '../formats/archive.ts';
import { createTally, type FileTally } from './file-tally.ts';
import type { UploadEntry } from './read-upload.ts';

/** Reads one file; what becomes of it goes into its tally. */
export interface EntryReader {
  write(chunk: Uint8Array): void;
  /** Comes also when the file broke off. */
  end(): void;
}

export interface ReadEntries {
  readonly files: readonly FileTally[];
  /** Hash of what was in the files, whatever their names and their order: the same content has the same. */
  readonly content: string;
}

/**
 * Reads the files of an upload, each with a reader of its own.
 *
 * @throws {ArchiveError} `LIMIT`, when the upload as a whole is too much; every other problem is in a tally
 */
export async function readEntries(
  entries: AsyncIterable<UploadEntry>,
  begin: (file: FileTally) => EntryReader,
): Promise<ReadEntries> {
  const files: FileTally[] = [];
  const hashes: string[] = [];
  for await (const entry of entries) {
    const file = createTally(entry.name);
    files.push(file);
    if (entry.problem === null) hashes.push(await readEntry(entry.content, file, begin(file)));
    else file.problem = entry.problem;
  }
  const content = createHash('sha256').update(hashes.sort().join()).digest('hex');
  return { files, content };
}

async function readEntry(
  content: AsyncIterable<Uint8Array>,
  file: FileTally,
  reader: EntryReader,
): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      reader.write(chunk);
    }
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code === 'LIMIT') throw error;
    file.problem = error.message; // and what was read of the file until there stands
  }
  reader.end();
  return hash.digest('hex');
}
