/** What varies from failure to failure, and what stands for it. The first that fits wins. */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/\x1b\[[0-9;]*m/g, ''],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '{uuid}'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>)\]]+/gi, '{url}'],
  [/(?:\b[a-z]:)?(?:[\\/][\w.@~+-]+){2,}[\\/]?/gi, '{path}'],
  [/\b0x[0-9a-f]+\b/gi, '{hex}'],
  [/(?<![\w])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}(?![\w])/gi, '{hex}'],
  [/(?<![a-z_\d])[+-]?\d+(?:[.,:]\d+)*/gi, '{number}'],
  [/\s+/g, ' '],
];

/** A message may be megabytes; what it is about stands at its beginning. */
const mostRead = 1_000;
const mostKept = 200;

/**
 * Gives what a failure message says in general: its first line that is not blank, with numbers, hex digits, UUIDs,
 * addresses and paths replaced by words; at most 200 characters, empty when it says nothing.
 */
export function failureSignature(message: string): string {
  const line = message
    .slice(0, mostRead)
    .split('\n')
    .find((text) => text.trim() !== '');
  const general = volatile.reduce(
    (text, [pattern, word]) => text.replace(pattern, word),
    line ?? '',
  );
  return general.trim().slice(0, mostKept);
}
