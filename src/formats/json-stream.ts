import { Tokenizer, TokenizerError } from '@streamparser/json';
import { createReportDecoder } from './decode-text.ts';
import { createJsonWalker, type JsonHandlers } from './json-walker.ts';
import type { ProblemEvent } from './report-events.ts';
import { ReportRefusal } from './report-refusal.ts';

/** Longest string kept, in UTF-16 units, the rest is dropped: twice what is kept of a message, so that a cut shows. */
const LONGEST_STRING = 131_072;
const LONGEST_NUMBER = 1_024;
const SLICE = 65_536;

/** Reads one JSON document, fed piece by piece, in memory that does not grow with it. */
export interface JsonStream {
  /** Takes the next piece. After a problem it does nothing. */
  write(chunk: Uint8Array | string): void;
  end(): void;
  /** Why reading stopped; undefined while all is well. */
  problem(): ProblemEvent | undefined;
  /** Number of values that were selected but too large to be kept. */
  skipped(): number;
}

/** What the tokenizer holds of a string and of a number that are not complete yet. */
interface Gathered {
  readonly bufferedString: { string: string; toString(): string };
  readonly bufferedNumber: { toString(): string };
  /** Bytes of all the slices that were taken whole. */
  readonly streamByteLength: number;
  /** Place of the first byte of the latest token among those bytes. */
  readonly offset: number;
}

/** Makes a strict reader of JSON that gives the values its handlers select; see `createJsonWalker` for the bounds. */
export function createJsonStream(handlers: JsonHandlers): JsonStream {
  const tokenizer = new Tokenizer();
  // Private in @streamparser/json 0.0.26.
  const gathered = tokenizer as unknown as Gathered;
  const walker = createJsonWalker(handlers);
  const decoder = createReportDecoder();
  let slice: Slice = { text: '', firstByte: 0, line: 1, column: 1 };
  /** Where the latest token begins. */
  let token = { slice, byte: 0 };
  let problem: ProblemEvent | undefined;

  tokenizer.onToken = ({ token: type, value, offset }) => {
    if (offset >= slice.firstByte) token = { slice, byte: offset - slice.firstByte };
    if (typeof value === 'number') boundNumber();
    walker.take(type, typeof value === 'string' ? value.slice(0, LONGEST_STRING) : value);
  };

  function boundNumber(): void {
    if (gathered.bufferedNumber.toString().length > LONGEST_NUMBER)
      throw new ReportRefusal('LIMIT', `A number has more than ${LONGEST_NUMBER} characters.`);
  }

  /**
   * The tokenizer gathers each token whole: a screenshot in a string would fill the memory. Its version is pinned and a test
   * watches the memory, so cutting its buffer is safe.
   */
  function boundTokens(): void {
    const text = gathered.bufferedString.toString();
    if (text.length > LONGEST_STRING)
      gathered.bufferedString.string = text.slice(0, LONGEST_STRING);
    boundNumber();
  }

  function feed(text: string): void {
    for (let start = 0; start < text.length; start += SLICE) {
      slice = { ...slice, text: text.slice(start, start + SLICE) };
      tokenizer.write(slice.text);
      const byte = gathered.offset - slice.firstByte;
      if (byte >= 0) token = { slice, byte };
      boundTokens();
      slice = { text: '', firstByte: gathered.streamByteLength, ...placeAfter(slice, slice.text) };
    }
  }

  function attempt(step: () => void): void {
    if (problem != null) return;
    try {
      step();
    } catch (error) {
      problem = { kind: 'PROBLEM', ...explain(error), ...placeOf(error) };
    }
  }

  function placeOf(error: unknown): Place {
    const byte = byteIn(error);
    if (byte !== undefined) return placeAt(slice, byte);
    return slice.text === '' ? placeAt(slice, 0) : placeAt(token.slice, token.byte);
  }

  return {
    write: (chunk) => {
      attempt(() => {
        feed(decoder.write(chunk));
      });
    },
    end: () => {
      attempt(() => {
        feed(decoder.end());
        tokenizer.end();
        walker.end();
      });
    },
    problem: () => problem,
    skipped: () => walker.skipped(),
  };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** A piece of the document, with the place of its beginning. */
interface Slice extends Place {
  readonly text: string;
  readonly firstByte: number;
}

function placeAt(slice: Slice, byte: number): Place {
  return placeAfter(slice, Buffer.from(slice.text).toString('utf8', 0, byte));
}

function placeAfter({ line, column }: Place, text: string): Place {
  const last = text.lastIndexOf('\n');
  if (last === -1) return { line, column: column + text.length };
  let breaks = 0;
  for (let at = last; at !== -1; at = at === 0 ? -1 : text.lastIndexOf('\n', at - 1)) breaks += 1;
  return { line: line + breaks, column: text.length - last };
}

/** Where in its slice the tokenizer stopped, in bytes; undefined when the error is not the tokenizer's. */
function byteIn(error: unknown): number | undefined {
  if (!(error instanceof TokenizerError)) return undefined;
  const byte = /chunk position "(\d+)"/.exec(error.message)?.[1];
  return byte === undefined ? undefined : Number(byte);
}

function explain(error: unknown): Pick<ProblemEvent, 'code' | 'message'> {
  if (error instanceof ReportRefusal) return { code: error.code, message: error.message };
  if (!(error instanceof TokenizerError)) throw error;
  const character = /^Unexpected "(.)"/su.exec(error.message)?.[1];
  const why =
    character === undefined
      ? 'The JSON breaks off before its end.'
      : `The JSON is malformed: unexpected character ${JSON.stringify(character)}.`;
  return { code: 'MALFORMED', message: why };
}
