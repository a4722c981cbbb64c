import type { FoundFile } from './find-files.ts';

export interface BatchLimits {
  readonly files: number;
  readonly bytes: number;
}

/** The most that the gateway takes in one request, with room for what is around the files. */
export const requestLimits: BatchLimits = { files: 1_000, bytes: 511 * 1024 * 1024 };

/** Test reports go in small requests: one that breaks off costs little, and the gateway reads them one by one. */
export const testBatches: BatchLimits = { files: 200, bytes: 32 * 1024 * 1024 };

/** Puts the files into requests, in order. A file that is larger than a batch has one of its own. */
export function batchesOf(files: readonly FoundFile[], limits: BatchLimits): FoundFile[][] {
  const batches: FoundFile[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = batches.at(-1);
    if (last && last.length < limits.files && bytes + file.sizeBytes <= limits.bytes) {
      last.push(file);
      bytes += file.sizeBytes;
    } else {
      batches.push([file]);
      bytes = file.sizeBytes;
    }
  }
  return batches;
}
