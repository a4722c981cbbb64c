import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OwnerFinder } from './codeowners-finder.ts';

const turnMs = 20;

/** Owners by file. Lets others have their turn: a hostile file of patterns makes one match take milliseconds. */
export async function ownersOfFiles(
  files: Iterable<string>,
  find: OwnerFinder,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const owners = new Map<string, readonly string[]>();
  let since = performance.now();
  for (const file of new Set(files)) {
    owners.set(file, find(file));
    if (performance.now() - since < turnMs) continue;
    await nextTurn();
    since = performance.now();
  }
  return owners;
}
