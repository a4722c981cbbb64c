import type { Codeowners } from './codeowners.ts';
import { after, type Ends, type PatternTree, toPatternTree, withLoops } from './codeowners-tree.ts';
import { distinctOwners } from './codeowners-words.ts';

/** Gives the owners of a file, by its path from the root of the repository, in the order of the CODEOWNERS file. */
export type OwnerFinder = (file: string) => string[];

/**
 * Makes a finder: in each section the last rule that matches says who owns a file, unless another one there excludes
 * it, and the owners of all sections count. A path takes the product of its length and of the patterns that begin like
 * it, at worst of all: nothing is ever tried twice at one place.
 */
export function ownerFinder({ rules }: Pick<Codeowners, 'rules'>): OwnerFinder {
  const tree = toPatternTree(rules);
  return (file) => {
    const names = namesOf(file);
    if (names === null) return [];
    const matched = rulesOf(tree, names);
    return distinctOwners(matched.flatMap((index) => rules[index]?.owners ?? []));
  };
}

/** The rules that decide about a path, one of each section, in the order of the sections. */
function rulesOf(tree: PatternTree, names: readonly string[]): number[] {
  const last = new Map<number, number>();
  const excluded = new Set<number>();
  const take = (ends: Ends | null): void => {
    for (const [section, index] of ends?.last ?? []) {
      last.set(section, Math.max(index, last.get(section) ?? -1));
    }
    for (const section of ends?.excluded ?? []) excluded.add(section);
  };

  let places = withLoops([tree]);
  for (const name of names) {
    places = after(places, name);
    for (const { trees } of places) take(trees);
  }
  for (const { files } of places) take(files);
  return [...last]
    .filter(([section]) => !excluded.has(section))
    .sort(([left], [right]) => left - right)
    .map(([, index]) => index);
}

/** Null for what is not in the repository, and for no path. Reports write a leading slash for its root. */
function namesOf(file: string): string[] | null {
  const names = file.split('/').filter((name) => name !== '' && name !== '.');
  return names.length === 0 || names.includes('..') ? null : names;
}
