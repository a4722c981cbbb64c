import { openAsBlob } from 'node:fs';
import type { FoundFile } from './find-files.ts';

/** Gives the file by its name; its bytes are read from disk as they are sent. */
export async function openFile({ path, name }: FoundFile): Promise<File> {
  return new File([await openAsBlob(path)], name);
}

/**
 * Gives one log made of several files, each behind a line `=== Job: NAME ===`, which the gateway takes for the start of
 * a section; a single file is given as it is.
 */
export async function openLog(files: readonly FoundFile[]): Promise<File> {
  const [only, second] = files;
  if (only !== undefined && second === undefined) return openFile(only);
  const parts = await Promise.all(
    files.map(async ({ path, name }) => [`=== Job: ${name} ===\n`, await openAsBlob(path), '\n']),
  );
  return new File(parts.flat(), 'build.log');
}
