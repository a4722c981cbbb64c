/** At most this many characters of a tag. */
export const longestTag = 64;

/** At most this many tags of a test. */
export const mostTags = 50;

/** What tells one tag from another: letter case does not, nor do blanks around it. */
export function tagKey(tag: string): string {
  return tag.trim().normalize('NFC').toLowerCase();
}
