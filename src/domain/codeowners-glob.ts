/** What matches one name, a character after the other. */
export type Glob = readonly Token[];

type Token =
  | { readonly kind: 'LITERAL'; readonly character: string }
  | { readonly kind: 'ONE' | 'MANY' }
  | {
      readonly kind: 'SET';
      readonly isNegated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };

/**
 * Makes a glob of a part of a pattern: `*` is any number of characters, `?` is one, a backslash takes what follows as
 * it is. Null for a set that does not end: it matches nothing.
 *
 * @param hasSets whether `[a-z]` and `[!a-z]` are sets
 */
export function toGlob(part: string, hasSets: boolean): Glob | null {
  const characters = Array.from(part);
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*') {
      if (tokens.at(-1)?.kind !== 'MANY') tokens.push({ kind: 'MANY' });
    } else if (character === '?') tokens.push({ kind: 'ONE' });
    else if (character === '[' && hasSets) {
      const set = readSet(characters, at + 1);
      if (set === null) return null;
      tokens.push(set.token);
      at = set.end;
    } else {
      if (character === '\\') at += 1;
      tokens.push({ kind: 'LITERAL', character: characters[at] ?? character });
    }
  }
  return tokens;
}

function readSet(
  characters: readonly string[],
  start: number,
): { readonly token: Token; readonly end: number } | null {
  const isNegated = ['!', '^'].includes(characters[start] ?? '');
  const ranges: [string, string][] = [];
  let at = isNegated ? start + 1 : start;
  while (at < characters.length && characters[at] !== ']') {
    const [from, next] = readCharacter(characters, at);
    const isRange = characters[next] === '-' && ![']', undefined].includes(characters[next + 1]);
    const [to, end] = isRange ? readCharacter(characters, next + 1) : [from, next];
    ranges.push([from, to]);
    at = end;
  }
  if (at >= characters.length || (ranges.length === 0 && !isNegated)) return null;
  return { token: { kind: 'SET', isNegated, ranges }, end: at };
}

function readCharacter(characters: readonly string[], at: number): [string, number] {
  const start = characters[at] === '\\' ? at + 1 : at;
  return [characters[start] ?? '\\', start + 1];
}

/**
 * Whether the glob matches all of the name. Its time is at most the product of both lengths: what a `*` took is given
 * back for the last `*` alone, which is enough.
 */
export function matchesGlob(glob: Glob, name: string): boolean {
  const characters = Array.from(name);
  let token = 0;
  let at = 0;
  let many = -1; // the token after the last `*`
  let taken = 0; // where that `*` ends for now
  while (at < characters.length) {
    const expected = glob[token];
    if (expected?.kind === 'MANY') {
      token += 1;
      many = token;
      taken = at;
    } else if (expected !== undefined && matchesToken(expected, characters[at] ?? '')) {
      token += 1;
      at += 1;
    } else {
      if (many === -1) return false;
      taken += 1;
      token = many;
      at = taken;
    }
  }
  while (glob[token]?.kind === 'MANY') token += 1;
  return token === glob.length;
}

function matchesToken(token: Token, character: string): boolean {
  if (token.kind === 'LITERAL') return token.character === character;
  if (token.kind !== 'SET') return true;
  return (
    token.isNegated !== token.ranges.some(([from, to]) => from <= character && character <= to)
  );
}
