import { TextDecoder } from 'node:util';

const LONGEST_DECLARATION = 256;

/** Turns the bytes of an XML document into text, chunk by chunk. */
export interface XmlDecoder {
  /**
   * Gives the text of the bytes so far that is complete.
   *
   * @throws {RangeError} when the document declares an encoding that nobody knows
   */
  write(chunk: Uint8Array | string): string;
  /** Gives what is left. */
  end(): string;
}

/**
 * Makes a decoder that finds the encoding by byte order mark, else by the XML declaration, else takes UTF-8.
 * Bytes that are wrong in the encoding become U+FFFD, and so do the control characters XML 1.0
 * forbids: terminals' colour codes are common in failure messages and no reason to lose a report.
 */
export function createXmlDecoder(): XmlDecoder {
  let head: Buffer = Buffer.alloc(0);
  let decoder: TextDecoder | undefined;
  let atStart = true;
  /** First half of a character whose second half is in the next piece of text. */
  let half = '';

  function withoutMark(text: string): string {
    if (!atStart || text === '') return text;
    atStart = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  function decode(bytes: Uint8Array): string {
    if (decoder != null) return decoder.decode(bytes, { stream: true });

    head = Buffer.concat([head, bytes]);
    if (!isEncodingKnown(head)) return '';
    decoder = new TextDecoder(encodingOf(head), { ignoreBOM: true });
    return decoder.decode(head, { stream: true });
  }

  /** Strings may hold halves of characters alone, which no parser expects; decoded bytes never do. */
  function wholeCharacters(text: string): string {
    const all = half + text;
    half = /[\uD800-\uDBFF]$/.exec(all)?.[0] ?? '';
    return all.slice(0, all.length - half.length).toWellFormed();
  }

  return {
    write: (chunk) =>
      cleanText(withoutMark(typeof chunk === 'string' ? wholeCharacters(chunk) : decode(chunk))),
    end: () => {
      const rest = decoder ?? new TextDecoder(encodingOf(head), { ignoreBOM: true });
      const text = rest.decode(decoder == null ? head : new Uint8Array());
      return cleanText(withoutMark(half.toWellFormed() + text));
    },
  };
}

function cleanText(text: string): string {
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD');
}

function isEncodingKnown(head: Buffer): boolean {
  if (head.length < 4) return false;
  if (markedEncoding(head) != null) return true;
  const text = head.toString('latin1', 0, LONGEST_DECLARATION);
  return (
    !'<?xml'.startsWith(text.slice(0, 5)) ||
    text.includes('>') ||
    head.length >= LONGEST_DECLARATION
  );
}

function markedEncoding(head: Buffer): string | undefined {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0x3c && second === 0) return 'utf-16le';
  if (first === 0 && second === 0x3c) return 'utf-16be';
  if (first === 0xef && second === 0xbb) return 'utf-8';
  return undefined;
}

function encodingOf(head: Buffer): string {
  const marked = markedEncoding(head);
  if (marked != null) return marked;
  const declaration = /^<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]+)["']/.exec(
    head.toString('latin1', 0, LONGEST_DECLARATION),
  );
  const declared = declaration?.[1]?.toLowerCase() ?? 'utf-8';
  // A document whose declaration could be read byte by byte is not in UTF-16, whatever it says.
  return declared.startsWith('utf-16') ? 'utf-8' : declared;
}
