import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty directory that is gone after the test. */
export async function emptyDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'buildatlas-blobs-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Names of the files below a directory. */
export async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** Bytes in pieces of a size. */
export async function* inPieces(text: string | Uint8Array, size = 7) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

/** A source that breaks after some bytes. */
export async function* breakingOff(text: string, error: Error) {
  yield* inPieces(text);
  throw await Promise.resolve(error);
}

/** A source that gives some bytes and then nothing, for ever. */
export async function* hanging(text: string) {
  yield Buffer.from(text);
  await new Promise(() => undefined);
}
