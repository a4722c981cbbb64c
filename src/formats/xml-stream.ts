import { SaxesParser } from 'saxes';
import { createXmlDecoder } from './decode-xml.ts';
import type { ProblemEvent } from './report-events.ts';

const DEEPEST_ELEMENT = 100;
const MOST_ATTRIBUTES = 1_000;
const LONGEST_NAME = 4_096;
/** Longest text, attribute or comment handed on, in UTF-16 units; the rest of it is dropped. */
const LONGEST_TOKEN = 131_072;
const SLICE = 65_536;

/** What a reader does with the elements of a document. */
export interface XmlHandlers {
  /** An element begins; its name comes without namespace prefix. */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(): void;
  /** Character data or a CDATA section, entities resolved; may come in several pieces. */
  text(piece: string): void;
}

/** Reads one XML document, fed piece by piece, in memory that does not grow with it. */
export interface XmlStream {
  /** Takes the next piece. After a problem it does nothing. */
  write(chunk: Uint8Array | string): void;
  end(): void;
  /** Why reading stopped; undefined while all is well. */
  problem(): ProblemEvent | undefined;
  /** Stops reading, e.g. because the document is of another kind. */
  refuse(code: ProblemEvent['code'], message: string): never;
}

/** What saxes holds of a token that is not complete yet. */
interface Gathered {
  text: string;
  readonly name: string;
  readonly piTarget: string;
  readonly entity: string;
}

class Refusal extends Error {
  readonly code: ProblemEvent['code'];

  constructor(code: ProblemEvent['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Makes a strict reader without document types: a DOCTYPE is refused, entities are never expanded.
 * Depth, attributes and names are bounded.
 */
export function createXmlStream(handlers: XmlHandlers): XmlStream {
  const parser = new SaxesParser({
    xmlns: false,
    position: true,
    forceXMLVersion: true,
    defaultXMLVersion: '1.0',
  });
  // Private in saxes 6.0.0, and always strings.
  const gathered = parser as unknown as Gathered;
  const decoder = createXmlDecoder();
  let depth = 0;
  let attributes = 0;
  let isClosing = false;
  let problem: ProblemEvent | undefined;

  function refuse(code: ProblemEvent['code'], message: string): never {
    throw new Refusal(code, message);
  }

  /** Saxes reports a close tag before it finds that the tag closes something else, so a close waits for what follows. */
  function closeWaiting(): void {
    if (isClosing) handlers.close();
    isClosing = false;
  }

  function giveText(piece: string): void {
    closeWaiting();
    handlers.text(piece);
  }

  parser.on('error', (error) => {
    const message = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    // Surefire writes colour codes as `&#27;`: no XML character, and no reason to lose a report.
    if (message === 'malformed character entity') return;
    refuse('MALFORMED', `The XML is malformed: ${message}.`);
  });
  parser.on('doctype', () =>
    refuse('DOCTYPE', 'The report has a DOCTYPE; document types are not accepted.'),
  );
  parser.on('opentagstart', () => (attributes = 0));
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > MOST_ATTRIBUTES)
      refuse('LIMIT', `An element has more than ${String(MOST_ATTRIBUTES)} attributes.`);
  });
  parser.on('opentag', (tag) => {
    closeWaiting();
    depth += 1;
    if (depth > DEEPEST_ELEMENT)
      refuse('LIMIT', `Elements are nested more than ${String(DEEPEST_ELEMENT)} deep.`);
    handlers.open(localName(tag.name), tag.attributes);
  });
  parser.on('closetag', () => {
    closeWaiting();
    depth -= 1;
    isClosing = true;
  });
  parser.on('text', giveText);
  parser.on('cdata', giveText);

  /**
   * Saxes gathers each token whole: a test's output of a gigabyte would fill the memory. Its version is pinned and a test watches the memory, so cutting its buffer is safe.
   */
  function boundTokens(): void {
    if (gathered.text.length > LONGEST_TOKEN) gathered.text = gathered.text.slice(0, LONGEST_TOKEN);
    const names = [gathered.name, gathered.piTarget, gathered.entity];
    if (names.some(({ length }) => length > LONGEST_NAME)) {
      refuse('LIMIT', `A name is longer than ${String(LONGEST_NAME)} characters.`);
    }
  }

  function feed(text: string): void {
    for (let start = 0; start < text.length; start += SLICE) {
      parser.write(text.slice(start, start + SLICE));
      boundTokens();
    }
    closeWaiting();
  }

  function attempt(step: () => void): void {
    if (problem != null) return;
    try {
      step();
    } catch (error) {
      problem = {
        kind: 'PROBLEM',
        ...explain(error),
        line: parser.line,
        column: Math.max(parser.column, 1),
      };
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
        parser.close();
      });
    },
    problem: () => problem,
    refuse,
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

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
