import { type Glob, matchesGlob } from './codeowners-glob.ts';
import type { Segment } from './codeowners-pattern.ts';
import type { CodeownersRule } from './codeowners-rule.ts';

/** What rules that end at one place of the tree say, by their sections. */
export interface Ends {
  /** The last rule, by its index. */
  readonly last: Map<number, number>;
  readonly excluded: Set<number>;
}

/** All patterns as one tree of their parts: a path is compared with those alone that begin like it. */
export interface PatternTree {
  /** Stays whatever directory comes: `**`. */
  readonly isLoop: boolean;
  names: Map<string, PatternTree> | null;
  globs: Map<string, { readonly glob: Glob; readonly child: PatternTree }> | null;
  any: PatternTree | null;
  loop: PatternTree | null;
  /** Rules that name files. */
  files: Ends | null;
  /** Rules that name all that is below as well. */
  trees: Ends | null;
}

/** Makes the tree of all rules. */
export function toPatternTree(rules: readonly CodeownersRule[]): PatternTree {
  const root = createTree(false);
  for (const [index, rule] of rules.entries()) {
    let tree = root;
    for (const segment of rule.pattern.segments) tree = childOf(tree, segment);
    const ends =
      rule.pattern.reach === 'TREE' ? (tree.trees ??= createEnds()) : (tree.files ??= createEnds());
    if (rule.isExclusion) ends.excluded.add(rule.section);
    else ends.last.set(rule.section, index);
  }
  return root;
}

function createTree(isLoop: boolean): PatternTree {
  return { isLoop, names: null, globs: null, any: null, loop: null, files: null, trees: null };
}

function createEnds(): Ends {
  return { last: new Map(), excluded: new Set() };
}

function childOf(tree: PatternTree, segment: Segment): PatternTree {
  if (segment === '*') return (tree.any ??= createTree(false));
  if (segment === '**') return (tree.loop ??= createTree(true));
  if ('name' in segment) {
    tree.names ??= new Map();
    const child = tree.names.get(segment.name) ?? createTree(false);
    tree.names.set(segment.name, child);
    return child;
  }
  tree.globs ??= new Map();
  const key = JSON.stringify(segment.glob);
  const { child } = tree.globs.get(key) ?? { child: createTree(false) };
  tree.globs.set(key, { glob: segment.glob, child });
  return child;
}

/** The places of the tree where a path can be once it has nothing, or these places, behind it. */
export function withLoops(trees: Iterable<PatternTree>): Set<PatternTree> {
  const all = new Set(trees);
  // A loop has no loop below it: patterns say `**` once in a row.
  for (const { loop } of all) if (loop !== null) all.add(loop);
  return all;
}

/** The places where a path is after one more name. */
export function after(trees: ReadonlySet<PatternTree>, name: string): Set<PatternTree> {
  const next = new Set<PatternTree>();
  for (const tree of trees) {
    if (tree.isLoop) next.add(tree);
    if (tree.any !== null) next.add(tree.any);
    const named = tree.names?.get(name);
    if (named !== undefined) next.add(named);
    for (const { glob, child } of tree.globs?.values() ?? []) {
      if (matchesGlob(glob, name)) next.add(child);
    }
  }
  return withLoops(next);
}
