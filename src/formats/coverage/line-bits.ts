/** Highest line number that is kept. */
export const HIGHEST_LINE = 10_000_000;

const COVERABLE = 1;
const COVERED = 2;
const SHORTEST = 64;

/**
 * Which lines of a file can run and which did: two bits a line, four lines a byte. A file of a thousand lines takes
 * 256 bytes, and files are merged by OR.
 */
export type LineBits = Uint8Array;

/** No lines. */
export const NO_LINES: LineBits = new Uint8Array(0);

/** Gives bits that have room for a line; the same ones when they have. */
export function withRoomFor(bits: LineBits, line: number): LineBits {
  const needed = (line >> 2) + 1;
  if (needed <= bits.length) return bits;
  const grown = new Uint8Array(Math.max(SHORTEST, 2 ** Math.ceil(Math.log2(needed))));
  grown.set(bits);
  return grown;
}

/** Marks a line that there is room for. It stays covered once anything said so. */
export function markLine(bits: LineBits, line: number, isCovered: boolean): void {
  const place = line >> 2;
  const mark = (isCovered ? COVERABLE | COVERED : COVERABLE) << ((line & 3) * 2);
  bits[place] = (bits[place] ?? 0) | mark;
}

/** Marks all lines of `other` in bits that have room for them. */
export function mergeLines(bits: LineBits, other: LineBits): void {
  for (const [place, marks] of other.entries()) bits[place] = (bits[place] ?? 0) | marks;
}

/** Counts the lines. */
export function countLines(bits: LineBits): { covered: number; coverable: number } {
  let covered = 0;
  let coverable = 0;
  for (const marks of bits) {
    coverable += pairs(marks & 0x55);
    covered += pairs((marks >> 1) & 0x55);
  }
  return { covered, coverable };
}

/** Counts the bits of a byte in which only every second one may be set. */
function pairs(marks: number): number {
  const halves = (marks & 0x11) + ((marks >> 2) & 0x11);
  return (halves & 0x0f) + (halves >> 4);
}
