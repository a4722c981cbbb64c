import { type Pattern, toPattern } from './codeowners-pattern.ts';
import type { CodeownersLine } from './codeowners-rule.ts';
import { distinctOwners, isOwner, splitPattern, wordsOf } from './codeowners-words.ts';

/** `[Name]`, `^[Name]`, `[Name][2]`, each with default owners or without. */
const heading = /^\^?\[([^\]]+)\](?:\[\d*\])?(.*)$/;

/**
 * Reads one line as GitLab does: what is no owner is passed over, also behind a `#`.
 *
 * @param defaults owners of the section, for an entry that names none
 */
export function readGitlabLine(line: string, defaults: readonly string[]): CodeownersLine {
  if (line === '' || line.startsWith('#')) return { problems: [] };
  if (line.startsWith('[') || line.startsWith('^[')) return readHeading(line);

  const isExclusion = line.startsWith('!');
  const { pattern, rest } = splitPattern(isExclusion ? line.slice(1) : line);
  const compiled = gitlabPattern(pattern);
  if (compiled === null) return { problems: ['is ignored: its pattern matches nothing'] };
  if (isExclusion) return { rule: { pattern: compiled, owners: [], isExclusion }, problems: [] };

  const { owners, problems } = readOwners(rest);
  const said = rest === '' ? defaults : owners;
  return { rule: { pattern: compiled, owners: said, isExclusion }, problems };
}

function readHeading(line: string): CodeownersLine {
  const [, name, rest] = heading.exec(line) ?? [];
  if (name === undefined || rest === undefined || name.trim() === '') {
    return { problems: ['is ignored: it is no heading of a section, for want of a name or a `]`'] };
  }
  const { owners, problems } = readOwners(rest.trim());
  return { heading: { name, owners }, problems };
}

function readOwners(text: string): Pick<CodeownersLine, 'problems'> & { owners: string[] } {
  const words = wordsOf(text);
  const strangers = words.slice(0, commentStart(words)).filter((word) => !isOwner(word));
  const shown = strangers.slice(0, 3).map((word) => `\`${word.slice(0, 100)}\``);
  const named = words.filter(isOwner);
  const owners = distinctOwners(named);
  return {
    owners,
    problems: [
      ...(shown.length > 0 ? [`names no user, group, role or e-mail: ${shown.join(', ')}`] : []),
      ...(words.slice(commentStart(words)).some(isOwner)
        ? ['has owners behind a `#`: GitLab knows no comment here, they count']
        : []),
      ...(owners.length < new Set(named.map((name) => name.toLowerCase())).size
        ? [`has more than ${String(owners.length)} owners: the others are ignored`]
        : []),
    ],
  };
}

function commentStart(words: readonly string[]): number {
  const start = words.findIndex((word) => word.startsWith('#'));
  return start === -1 ? words.length : start;
}

/**
 * Ruby's `File.fnmatch` with `FNM_DOTMATCH` and `FNM_PATHNAME` (docs.gitlab.com, "Advanced CODEOWNERS configuration"):
 * without a slash at its beginning a pattern is looked for at any depth, with one at its end it names all files below
 * a directory, else files alone.
 */
function gitlabPattern(text: string): Pattern | null {
  const segments = text.split('/');
  if (segments[0] === '') segments.shift();
  else segments.unshift('**');
  const last = segments.pop();
  if (last === undefined) return null;
  const ending = last === '' ? ['**', '*'] : [last];
  return toPattern([...segments, ...ending], { reach: 'FILE', hasSets: true });
}
