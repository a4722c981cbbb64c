import type { OwnerFinder } from './codeowners-finder.ts';
import { createTurns } from './turns.ts';

/** Owners by file. Lets others have their turn: a hostile file of patterns makes one match take milliseconds. */
export async function ownersOfFiles(
  files: Iterable<string>,
  find: OwnerFinder,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const owners = new Map<string, readonly string[]>();
  const turn = createTurns();
  for (const file of new Set(files)) {
    owners.set(file, find(file));
    await turn();
  }
  return owners;
}
