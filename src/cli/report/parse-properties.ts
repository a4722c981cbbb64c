const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

/** Reads a Java properties file: `name=value`, with `\` before what means something else. */
export function parseProperties(text: string): Record<string, string> {
  const lines = text.replace(/\\(\r\n|\r|\n)[ \t]*/g, '').split(/\r\n|\r|\n/);
  const entries = lines.flatMap((line) => {
    const match = /^\s*([^#!\s](?:\\.|[^\\=:\s])*)\s*[=:\s]\s*(.*)$/.exec(line);
    return match ? [[unescape(match[1] ?? ''), unescape(match[2] ?? '')]] : [];
  });
  return Object.fromEntries(entries) as Record<string, string>; // pairs of texts
}

function unescape(text: string): string {
  return text.replace(/\\(u([0-9a-fA-F]{4})|.)/g, (_all, char: string, hex?: string) =>
    hex === undefined ? (escapes[char] ?? char) : String.fromCharCode(parseInt(hex, 16)),
  );
}
