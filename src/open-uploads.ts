import { join } from 'node:path';
import pLimit from 'p-limit';
import { openBlobStore } from './blobs/open-blob-store.ts';
import { createSpool } from './blobs/spool.ts';
import type { Config } from './config.ts';
import type { Uploads } from './context.ts';

/** Each of them holds one of the pool's ten connections while it reads, and a second one for a moment. */
const uploadsAtOnce = 4;

/**
 * Opens what uploads need: the blob store and a spool in the data directory.
 *
 * @throws {OperatorError} when a directory cannot be written
 */
export function openUploads({
  blobUrl,
  dataDir,
  uploadsKeptDays,
}: Pick<Config, 'blobUrl' | 'dataDir' | 'uploadsKeptDays'>): Uploads {
  return {
    blobs: openBlobStore(blobUrl),
    spool: createSpool(join(dataDir, 'spool')),
    keptDays: uploadsKeptDays,
    limit: pLimit(uploadsAtOnce),
  };
}
