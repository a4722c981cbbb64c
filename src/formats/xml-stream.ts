import { createXmlDecoder } from './decode-xml.ts';
import type { ProblemEvent } from './report-events.ts';
import { createXmlDocument, Refusal, type XmlHandlers } from './xml-document.ts';

const SLICE = 65_536;
const MOST_DOCUMENTS = 10_000;
const DECLARATION = '<?xml';

/** Reads XML fed piece by piece, in memory that does not grow with it. */
export interface XmlStream {
  /** Takes the next piece. After a problem it does nothing. */
  write(chunk: Uint8Array | string): void;
  end(): void;
  /** Why reading stopped; undefined while all is well. */
  problem(): ProblemEvent | undefined;
}

/**
 * Makes a strict reader without document types, in any encoding. Files put one after the other (`cat *.xml`) are read as so
 * many documents when each but the first begins with an XML declaration; a second root element without one is malformed.
 * A handler that throws a `Refusal` stops the reading.
 */
export function createXmlStream(handlers: XmlHandlers): XmlStream {
  const decoder = createXmlDecoder();
  const documents = createXmlDocuments(handlers);
  let problem: ProblemEvent | undefined;

  function attempt(step: () => void): void {
    if (problem != null) return;
    try {
      step();
    } catch (error) {
      problem = { kind: 'PROBLEM', ...explain(error), ...documents.place() };
    }
  }

  return {
    write: (chunk) => {
      attempt(() => {
        documents.write(decoder.write(chunk));
      });
    },
    end: () => {
      attempt(() => {
        documents.write(decoder.end());
        documents.end();
      });
    },
    problem: () => problem,
  };
}

function explain(error: unknown): Pick<ProblemEvent, 'code' | 'message'> {
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  if (
    error instanceof RangeError &&
    'code' in error &&
    error.code === 'ERR_ENCODING_NOT_SUPPORTED'
  ) {
    return { code: 'ENCODING', message: 'The report declares an encoding that is not known.' };
  }
  throw error;
}

/** Gives the documents that stand one after the other to a parser each. */
function createXmlDocuments(handlers: XmlHandlers) {
  let document = createXmlDocument(handlers, 1);
  let count = 1;
  /** Characters of this document that its parser was given. */
  let given = 0;
  /** What follows the root element, until it is clear whether another document begins there. */
  let epilog: string | undefined;
  /** What the parser said of the epilog: no error if another document begins there. */
  let refused: Refusal | undefined;

  function give(text: string): void {
    const hadEnded = document.rootEnd() != null;
    try {
      if (refused == null) document.write(text);
    } catch (error) {
      if (!(error instanceof Refusal && error.isAfterRoot)) throw error;
      refused = error;
    }
    const rootEnd = document.rootEnd();
    if (rootEnd != null && !hadEnded) epilog = text.slice(rootEnd - given);
    else if (epilog != null) epilog += text;
    given += text.length;
  }

  /** Gives the text of the next document if one has begun; throws what the parser said if none can begin any more. */
  function takeNext(): string {
    if (epilog == null) return '';
    const rest = epilog.trimStart();
    const isUnclear = DECLARATION.startsWith(rest);
    epilog = isUnclear ? rest : undefined;
    if (isUnclear) return '';
    if (/^<\?xml\s/.test(rest)) return rest;
    if (refused != null) throw refused;
    return '';
  }

  function beginDocument(): void {
    count += 1;
    if (count > MOST_DOCUMENTS)
      throw new Refusal('LIMIT', `More than ${String(MOST_DOCUMENTS)} documents in one file.`);
    document = createXmlDocument(handlers, document.place().line);
    given = 0;
    refused = undefined;
  }

  function writeSlice(slice: string): void {
    give(slice);
    for (let next = takeNext(); next !== ''; next = takeNext()) {
      beginDocument();
      give(next);
    }
  }

  return {
    write(text: string): void {
      for (let start = 0; start < text.length; start += SLICE) {
        writeSlice(text.slice(start, start + SLICE));
      }
    },
    end(): void {
      if (refused != null) throw refused;
      document.end();
    },
    place: () => document.place(),
  };
}
