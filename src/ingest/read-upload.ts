import {
  ArchiveError,
  type ArchiveEntry,
  archiveLimits,
  createBudget,
  readEntries,
  type Upload,
} from '../formats/archive.ts';

/** A file of an upload, or what an archive broke off with. */
export type UploadEntry =
  | { readonly name: string; readonly problem: null; readonly content: ArchiveEntry['content'] }
  | { readonly name: string; readonly problem: string };

/**
 * Gives the files of an upload, those in archives one by one. The limits are those of the upload: what one
 * archive unpacks to is taken from what the next may.
 *
 * @throws {ArchiveError} `LIMIT`
 */
export async function* readUpload(
  files: readonly Upload[],
): AsyncGenerator<UploadEntry, void, undefined> {
  const budget = createBudget(archiveLimits);
  for (const file of files) {
    try {
      for await (const { name, content } of readEntries(file, archiveLimits, budget)) {
        yield { name, content, problem: null };
      }
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.code === 'LIMIT') throw error;
      yield { name: file.name, problem: error.message };
    }
  }
}
