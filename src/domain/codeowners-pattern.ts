import { type Glob, toGlob } from './codeowners-glob.ts';

/** One part of a path: any number of directories, any name, this name, or a name that a glob matches. */
export type Segment = '**' | '*' | { readonly name: string } | { readonly glob: Glob };

export interface Pattern {
  readonly segments: readonly Segment[];
  /** FILE: it names files. TREE: it names files, and directories with all that is below them. */
  readonly reach: 'FILE' | 'TREE';
}

/** Makes a pattern of its parts between slashes; null when one of them matches no name at all. */
export function toPattern(
  parts: readonly string[],
  { reach, hasSets }: { readonly reach: Pattern['reach']; readonly hasSets: boolean },
): Pattern | null {
  const segments: Segment[] = [];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const segment = toSegment(isLast && part === '**' ? '*' : part, hasSets);
    if (segment === null) return null;
    // Twice in a row means the same as once, and costs more.
    if (segment !== '**' || segments.at(-1) !== '**') segments.push(segment);
  }
  return { segments, reach };
}

function toSegment(part: string, hasSets: boolean): Segment | null {
  if (part === '**' || part === '*') return part;
  const glob = toGlob(part, hasSets);
  if (glob === null || glob.length === 0) return null;
  const name = glob.map((token) => (token.kind === 'LITERAL' ? token.character : '')).join('');
  return glob.every(({ kind }) => kind === 'LITERAL') ? { name } : { glob };
}
