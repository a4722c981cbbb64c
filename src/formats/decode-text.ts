import { TextDecoder } from 'node:util';

/** Turns the bytes of a JSON document or of lines into text, chunk by chunk. */
export interface ReportDecoder {
  /** Gives the text of the bytes so far that is complete. Text passes as it is. */
  write(chunk: Uint8Array | string): string;
  /** Gives what is left. */
  end(): string;
}

/**
 * Makes a decoder for UTF-8 and, by byte order mark or by a first ASCII character of two bytes, UTF-16:
 * PowerShell writes `go test -json > report.json` in it. Bytes that are wrong in the encoding become U+FFFD.
 */
export function createReportDecoder(): ReportDecoder {
  let head: Buffer = Buffer.alloc(0);
  let decoder: TextDecoder | undefined;
  let isAtStart = true;

  function withoutMark(text: string): string {
    if (!isAtStart || text === '') return text;
    isAtStart = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  function decode(bytes: Uint8Array): string {
    if (decoder != null) return decoder.decode(bytes, { stream: true });

    head = Buffer.concat([head, bytes]);
    if (head.length < 2) return '';
    decoder = new TextDecoder(encodingOf(head), { ignoreBOM: true });
    return decoder.decode(head, { stream: true });
  }

  return {
    write: (chunk) => withoutMark(typeof chunk === 'string' ? chunk : decode(chunk)),
    end: () => {
      if (decoder != null) return withoutMark(decoder.decode());
      return withoutMark(new TextDecoder('utf-8', { ignoreBOM: true }).decode(head));
    },
  };
}

function encodingOf(head: Buffer): string {
  const [first = 0, second = 0] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (second === 0 && isAscii(first)) return 'utf-16le';
  if (first === 0 && isAscii(second)) return 'utf-16be';
  return 'utf-8';
}

function isAscii(byte: number): boolean {
  return byte > 0 && byte < 0x80;
}
