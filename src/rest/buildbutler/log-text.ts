import { ValidationError } from '../../errors.ts';

/** Decodes one text of JSON, piece by piece. */
export interface JsonText {
  /** Makes room for what a piece of so many bytes may give; forgets what was taken before. */
  makeRoom(sizeBytes: number): void;
  /**
   * Takes bytes from the place on; gives the place of the quote that ends the text, or the end.
   *
   * @throws {ValidationError} for a control character or an escape that JSON has not
   */
  take(bytes: Buffer, from: number): number;
  /** What was decoded since there was room. */
  taken(): Uint8Array;
}

const quote = 0x22;
const backslash = 0x5c;
const letterU = 0x75;
/** What is behind a backslash, and what it stands for. */
const escapes = new Map(
  Object.entries({
    '"': '"',
    '\\': '\\',
    '/': '/',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
  }).map(([letter, meaning]) => [letter.charCodeAt(0), meaning.charCodeAt(0)]),
);
/** What was begun in an earlier piece: a lone surrogate, and a character. */
const longestBegun = 8;

/** Makes a decoder. UTF-8 passes as it is, right or wrong; a lone surrogate becomes U+FFFD. */
export function createJsonText(): JsonText {
  const units = createUnits();
  /** Hex digits that are still to come; -1 behind a backslash. */
  let awaited = 0;
  let unit = 0;

  function takeEscape(byte: number): void {
    if (awaited === -1) {
      awaited = byte === letterU ? 4 : 0;
      unit = 0;
      if (byte !== letterU) units.add(escapes.get(byte) ?? refuse('an escape that JSON has not'));
      return;
    }
    unit = unit * 16 + hexDigit(byte);
    awaited -= 1;
    if (awaited === 0) units.add(unit);
  }

  return {
    makeRoom(sizeBytes) {
      units.makeRoom(sizeBytes + longestBegun);
    },
    take(bytes, from) {
      let at = from;
      while (at < bytes.length) {
        const byte = bytes[at] ?? 0;
        if (awaited !== 0) {
          takeEscape(byte);
          at += 1;
        } else if (byte === backslash) {
          awaited = -1;
          at += 1;
        } else if (byte === quote) {
          units.settle();
          return at;
        } else {
          const end = endOfPlain(bytes, at);
          if (end === at) refuse('a control character that is not escaped');
          units.copy(bytes, at, end);
          at = end;
        }
      }
      return at;
    },
    taken: units.taken,
  };
}

function endOfPlain(bytes: Buffer, from: number): number {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte === quote || byte === backslash) break;
  }
  return at;
}

function hexDigit(byte: number): number {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? refuse('an escape that JSON has not') : digit;
}

function refuse(what: string): never {
  throw new ValidationError([{ path: ['body'], message: `is not JSON: its log holds ${what}` }]);
}

/** Turns UTF-16 units into UTF-8. */
function createUnits() {
  let room = Buffer.alloc(0);
  let length = 0;
  /** A first half of a pair, whose second half may follow; 0 for none. */
  let half = 0;

  function write(codePoint: number): void {
    if (codePoint < 0x80) {
      room[length] = codePoint;
      length += 1;
    } else length += room.write(String.fromCodePoint(codePoint), length);
  }

  function settle(): void {
    if (half === 0) return;
    half = 0;
    write(0xfffd);
  }

  return {
    settle,
    makeRoom(sizeBytes: number): void {
      room = Buffer.allocUnsafe(sizeBytes);
      length = 0;
    },
    copy(bytes: Buffer, from: number, to: number): void {
      settle();
      length += bytes.copy(room, length, from, to);
    },
    add(unit: number): void {
      const isSecondHalf = unit >= 0xdc00 && unit <= 0xdfff;
      if (isSecondHalf && half !== 0) {
        const codePoint = 0x10000 + ((half - 0xd800) << 10) + (unit - 0xdc00);
        half = 0;
        write(codePoint);
        return;
      }
      settle();
      if (unit >= 0xd800 && unit <= 0xdbff) half = unit;
      else write(isSecondHalf ? 0xfffd : unit);
    },
    taken: () => room.subarray(0, length),
  };
}
