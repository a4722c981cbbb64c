import { type Pattern, toPattern } from './codeowners-pattern.ts';
import type { CodeownersLine } from './codeowners-rule.ts';
import { distinctOwners, isOwner, mostOwners, splitPattern, wordsOf } from './codeowners-words.ts';

/** Reads one line as GitHub does: a line with anything wrong in it is ignored. */
export function readGithubLine(line: string): CodeownersLine {
  if (line === '' || line.startsWith('#')) return { problems: [] };
  const { pattern, rest } = splitPattern(line);
  const words = wordsOf(rest);
  const comment = words.findIndex((word) => word.startsWith('#'));
  const named = comment === -1 ? words : words.slice(0, comment);
  const wrong = patternProblem(pattern) ?? ownerProblem(named);
  if (wrong !== null) return { problems: [`is ignored: ${wrong}`] };

  const compiled = githubPattern(pattern);
  if (compiled === null) return { problems: ['is ignored: its pattern matches nothing'] };
  const owners = distinctOwners(named);
  return { rule: { pattern: compiled, owners, isExclusion: false }, problems: [] };
}

function patternProblem(pattern: string): string | null {
  if (pattern.startsWith('!')) return 'GitHub knows no `!`';
  if (pattern.startsWith('\\#')) return 'GitHub takes no pattern that begins with `#`';
  const bare = pattern.replace(/\\./gsu, '');
  if (/[[\]]/.test(bare)) return 'GitHub knows no `[` and `]`';
  if (bare.includes('***')) return 'three `*` in a row mean nothing';
  return bare.endsWith('\\') ? 'its pattern ends with a `\\` that escapes nothing' : null;
}

function ownerProblem(words: readonly string[]): string | null {
  const wrong = words.find((word) => !isOwner(word) || word.startsWith('@@'));
  if (wrong !== undefined) return `\`${wrong.slice(0, 100)}\` is no user, team or e-mail address`;
  return words.length > mostOwners ? `it has more than ${String(mostOwners)} owners` : null;
}

/**
 * Almost gitignore: a pattern with no slash but at its end is looked for at any depth, others at the root; what names a
 * directory names all below it, except that a last `*` names files alone.
 */
function githubPattern(text: string): Pattern | null {
  const segments = text.split('/');
  if (segments[0] === '') segments.shift();
  else if (segments.length === 1 || (segments.length === 2 && segments[1] === '')) {
    segments.unshift('**');
  }
  const last = segments.pop();
  if (last === undefined || (last === '' && segments.length === 0)) return null;
  const isDirectory = last === '' || last === '**';
  return toPattern([...segments, isDirectory ? '*' : last], {
    reach: isDirectory || last !== '*' ? 'TREE' : 'FILE',
    hasSets: false,
  });
}
