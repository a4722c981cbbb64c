/** At most so many owners of one file. */
export const mostOwners = 100;

/** A line in two: its pattern, up to the first blank without a backslash before it, and what follows. */
export function splitPattern(line: string): { readonly pattern: string; readonly rest: string } {
  let end = 0;
  while (end < line.length && !isBlank(line[end])) end += line[end] === '\\' ? 2 : 1;
  return { pattern: line.slice(0, end), rest: line.slice(end).trim() };
}

function isBlank(character: string | undefined): boolean {
  return character?.trim() === '';
}

const longestOwner = 256;
/** No character can belong to two parts: a regular expression that may choose takes for ever. */
const userOrTeam = /^@[\w-][\w.-]*(?:\/[\w.-]+)*$/;
const role = /^@@[a-z]+$/i;
const email = /^[^\s@]+@[^\s@]+$/;

/** A user, a team or group, a role (GitLab's `@@maintainer`), or an e-mail address. */
export function isOwner(word: string): boolean {
  if (word.length > longestOwner) return false;
  return userOrTeam.test(word) || role.test(word) || email.test(word);
}

/** The words of a text. */
export function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(/\s+/);
}

/** Each owner once, in any letter case, as first written; of too many the first. */
export function distinctOwners(owners: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const owner of owners) {
    if (byKey.size === mostOwners) break;
    const key = ownerKey(owner);
    if (!byKey.has(key)) byKey.set(key, owner);
  }
  return [...byKey.values()];
}

/** What tells an owner from others: letter case does not. */
export function ownerKey(owner: string): string {
  return owner.trim().toLowerCase();
}
