const longest = 80;

/** Gives a text as one line of at most 80 characters, for people. */
export function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
}
