import { Tokenizer, TokenizerError } from '@streamparser/json';
import { createReportDecoder } from './decode-text.ts';
import { createJsonWalker, type JsonHandlers } from './json-walker.ts';
import type { ProblemEvent } from './report-events.ts';
import { ReportRefusal } from './report-refusal.ts';

/** Longest string kept, in UTF-16 units, the rest is dropped: twice what is kept of a message, so that a cut shows. */
export const LONGEST_STRING = 131_072;
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
  /** Bytes of all the slices before the current one. */
  readonly streamByteLength: number;
}

/** Makes a strict reader of JSON that gives the values its handlers select; see `createJsonWalker` for the bounds. */
export function createJsonStream(handlers: JsonHandlers): JsonStream {
  const tokenizer = new Tokenizer();
  // Private in @streamparser/json 0.0.26.
  const gathered = tokenizer as unknown as Gathered;
  const walker = createJsonWalker(handlers);
  const decoder = createReportDecoder();
  const place = createPlace();
  let tokenOffset = 0;
  let slice = '';
  let problem: ProblemEvent | undefined;

  tokenizer.onToken = ({ token, value, offset }) => {
    tokenOffset = offset;
    walker.take(token, value);
  };

  /**
   * The tokenizer gathers each token whole: a screenshot in a string would fill the memory. Its version is pinned and a test
   * watches the memory, so cutting its buffer is safe.
   */
  function boundTokens(): void {
    const text = gathered.bufferedString.toString();
    if (text.length > LONGEST_STRING)
      gathered.bufferedString.string = text.slice(0, LONGEST_STRING);
    if (gathered.bufferedNumber.toString().length > LONGEST_NUMBER)
      throw new ReportRefusal('LIMIT', `A number has more than ${LONGEST_NUMBER} characters.`);
  }

  function feed(text: string): void {
    for (let start = 0; start < text.length; start += SLICE) {
      slice = text.slice(start, start + SLICE);
      tokenizer.write(slice);
      boundTokens();
      place.pass(slice);
      slice = '';
    }
  }

  function attempt(step: () => void): void {
    if (problem != null) return;
    try {
      step();
    } catch (error) {
      const told = error instanceof ReportRefusal ? error : explain(error);
      const bytes = placeIn(error) ?? tokenOffset - gathered.streamByteLength;
      place.pass(Buffer.from(slice).toString('utf8', 0, bytes));
      problem = { kind: 'PROBLEM', code: told.code, message: told.message, ...place.now() };
    }
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

/** Counts lines and columns of the text that passed. */
function createPlace(): { pass(text: string): void; now(): { line: number; column: number } } {
  let line = 1;
  let column = 1;
  return {
    pass(text) {
      const last = text.lastIndexOf('\n');
      column = last === -1 ? column + text.length : text.length - last;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line += 1;
    },
    now: () => ({ line, column }),
  };
}

/** Where in its slice the tokenizer stopped, in bytes; undefined when the error is not the tokenizer's. */
function placeIn(error: unknown): number | undefined {
  const match =
    error instanceof TokenizerError ? /chunk position "(\d+)"/.exec(error.message) : null;
  return match == null ? undefined : Number(match[1]);
}

function explain(error: unknown): Pick<ProblemEvent, 'code' | 'message'> {
  if (!(error instanceof TokenizerError)) throw error;
  const character = /^Unexpected "(.)"/su.exec(error.message)?.[1];
  if (character === undefined)
    return { code: 'MALFORMED', message: 'The JSON breaks off before its end.' };
  return {
    code: 'MALFORMED',
    message: `The JSON is malformed: unexpected character ${JSON.stringify(character)}.`,
  };
}
