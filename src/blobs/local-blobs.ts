import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { errorCode } from '../error-code.ts';
import {
  BlobNotFoundError,
  checkKey,
  checkRange,
  writeTo,
  type BlobRange,
  type BlobStore,
} from './blob-store.ts';
import { openSpoolDir } from './spool-dir.ts';

/**
 * Keeps blobs as files of a directory, which may be a shared one.
 *
 * @throws {OperatorError} when it cannot be written
 */
export function createLocalBlobs(dir: string): BlobStore {
  // On the same file system, so that a finished file can be moved; no key begins with a dot.
  const unfinishedDir = openSpoolDir(join(dir, '.unfinished'));

  function pathOf(key: string): string {
    checkKey(key);
    return join(dir, ...key.split('/'));
  }

  async function read(key: string, range: BlobRange = { start: 0 }): Promise<Readable> {
    const path = pathOf(key);
    checkRange(range);
    const file = await open(path).catch(explain(key));
    const { start, end = Infinity } = range;
    if (end <= start) {
      await file.close();
      return Readable.from([]);
    }
    return file.createReadStream({ start, end: end - 1 });
  }

  return {
    async putFile(key, path) {
      const target = pathOf(key);
      const unfinished = join(unfinishedDir, randomUUID());
      try {
        await mkdir(unfinishedDir, { recursive: true });
        await copyFile(path, unfinished, constants.COPYFILE_FICLONE);
        await sync(unfinished);
        await mkdir(dirname(target), { recursive: true });
        await rename(unfinished, target);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      for (const folder of foldersBetween(dir, target)) await sync(folder);
    },
    read,
    async fetchTo(key, path) {
      await writeTo(path, await read(key));
    },
    async size(key) {
      const file = await open(pathOf(key)).catch(explain(key));
      try {
        return (await file.stat()).size;
      } finally {
        await file.close();
      }
    },
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}

function explain(key: string): (error: unknown) => never {
  return (cause) => {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(errorCode(cause));
    throw isMissing ? new BlobNotFoundError(key, { cause }) : cause;
  };
}

/** The folder of a path and those around it, up to the root. A new name is durable when its folder is. */
function foldersBetween(root: string, path: string): string[] {
  const names = relative(root, dirname(path)).split(sep);
  return names.map((_name, at) => join(root, ...names.slice(0, names.length - at))).concat(root);
}

async function sync(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
