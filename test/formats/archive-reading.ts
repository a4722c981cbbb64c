import {
  ArchiveError,
  readEntries,
  type ArchiveLimits,
  type Upload,
} from '../../src/formats/archive.ts';

/** What an upload gave: its files, and the error that ended it. */
export interface Unpacked {
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
  readonly error: ArchiveError | undefined;
}

/** Reads everything; an error that is no ArchiveError is thrown. What came before an error of a content counts as a file. */
export async function unpackAll(upload: Upload, limits?: ArchiveLimits): Promise<Unpacked> {
  const files: { name: string; bytes: Buffer }[] = [];
  try {
    for await (const { name, content } of readEntries(upload, limits)) {
      const chunks: Uint8Array[] = [];
      try {
        for await (const chunk of content) chunks.push(chunk);
      } finally {
        files.push({ name, bytes: Buffer.concat(chunks) });
      }
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { files, error };
  }
  return { files, error: undefined };
}

/** Names and texts of the files of an upload. */
export async function textsOf(upload: Upload): Promise<(readonly [name: string, text: string])[]> {
  const { files, error } = await unpackAll(upload);
  if (error != null) throw error;
  return files.map(({ name, bytes }) => [name, bytes.toString()] as const);
}

/** How much the process grew, at its highest, while an upload was read; and how the upload ended. */
export async function measureMemory(
  upload: Upload,
  limits?: ArchiveLimits,
): Promise<{ grownBytes: number; error: unknown }> {
  const before = process.memoryUsage.rss();
  let highest = before;
  let chunks = 0;
  let error: unknown;
  try {
    for await (const { content } of readEntries(upload, limits)) {
      for await (const { byteLength } of content) {
        chunks += Math.sign(byteLength);
        if (chunks % 256 === 0) highest = Math.max(highest, process.memoryUsage.rss());
      }
    }
  } catch (thrown) {
    error = thrown;
  }
  return { grownBytes: Math.max(highest, process.memoryUsage.rss()) - before, error };
}
