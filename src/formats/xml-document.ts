import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { ProblemEvent } from './report-events.ts';

const DEEPEST_ELEMENT = 100;
const MOST_ATTRIBUTES = 1_000;
const LONGEST_NAME = 4_096;
/** Longest text, attribute or comment handed on, in UTF-16 units; the rest of it is dropped. */
const LONGEST_TOKEN = 131_072;
const LONGEST_ATTRIBUTES = 4 * LONGEST_TOKEN;

/** A DOCTYPE without declarations of its own. */
const EXTERNAL_DTD = /^[^[]{0,1024}$/;

export type Attributes = Readonly<Record<string, string>>;

/** What a reader does with the elements of a document. */
export interface XmlHandlers {
  /** An element begins; its name comes without namespace prefix. */
  open(name: string, attributes: Attributes): void;
  close(): void;
  /** Character data or a CDATA section, entities resolved; may come in several pieces. */
  text(piece: string): void;
  /** True for formats whose tools write a DOCTYPE that names a DTD elsewhere: it is passed over and never fetched. */
  readonly acceptsExternalDtd?: boolean;
}

/** Why a document is not read on. Its place is where the parser stands. */
export class Refusal extends Error {
  readonly code: ProblemEvent['code'];
  /** True when the root element is complete, and what follows it is wrong. */
  readonly isAfterRoot: boolean;

  constructor(code: ProblemEvent['code'], message: string, isAfterRoot = false) {
    super(message);
    this.code = code;
    this.isAfterRoot = isAfterRoot;
  }
}

/** One XML document, read piece by piece. */
export interface XmlDocument {
  /** @throws {Refusal} where the document is wrong; then it cannot be read on */
  write(text: string): void;
  /** @throws {Refusal} where the document is not complete */
  end(): void;
  place(): { readonly line: number; readonly column: number };
  /** How many characters of the document come before the end of its root element; undefined before that. */
  rootEnd(): number | undefined;
}

/** What saxes holds of a token that is not complete yet. */
interface Gathered {
  text: string;
  readonly name: string;
  readonly piTarget: string;
  readonly entity: string;
}

/**
 * Makes a strict reader of one document without document types: a DOCTYPE is refused, entities are never expanded.
 * Depth, attributes and names are bounded. Lines are counted from `firstLine`.
 */
export function createXmlDocument(handlers: XmlHandlers, firstLine: number): XmlDocument {
  const parser = new SaxesParser({
    xmlns: false,
    position: true,
    forceXMLVersion: true,
    defaultXMLVersion: '1.0',
  });
  parser.line = firstLine;
  // Private in saxes 6.0.0, and always strings.
  const gathered = parser as unknown as Gathered;
  let depth = 0;
  let attributes = 0;
  let isClosing = false;
  let lastClose = 0;
  let rootEnd: number | undefined;

  /** Saxes reports a close tag before it finds that the tag closes something else, so a close waits for what follows. */
  function closeWaiting(): void {
    if (isClosing) handlers.close();
    isClosing = false;
  }

  function giveText(piece: string): void {
    closeWaiting();
    handlers.text(piece);
  }

  function open(tag: SaxesTagPlain): void {
    closeWaiting();
    depth += 1;
    if (depth > DEEPEST_ELEMENT)
      throw new Refusal('LIMIT', `Elements are nested more than ${String(DEEPEST_ELEMENT)} deep.`);
    handlers.open(localName(tag.name), boundAttributes(tag.attributes));
  }

  function close(): void {
    closeWaiting();
    depth -= 1;
    isClosing = true;
    lastClose = parser.position;
    if (depth === 0) rootEnd = lastClose;
  }

  parser.on('error', (error) => {
    const message = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    // Surefire writes colour codes as `&#27;`: no XML character, and no reason to lose a report.
    if (message === 'malformed character entity') return;
    if (parser.position > lastClose) closeWaiting();
    const isAfterRoot = rootEnd != null && parser.position > rootEnd;
    throw new Refusal('MALFORMED', `The XML is malformed: ${message}.`, isAfterRoot);
  });
  parser.on('doctype', (doctype) => {
    if (handlers.acceptsExternalDtd === true && EXTERNAL_DTD.test(doctype)) return;
    throw new Refusal('DOCTYPE', 'The report has a DOCTYPE; document types are not accepted.');
  });
  parser.on('opentagstart', () => {
    closeWaiting();
    attributes = 0;
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > MOST_ATTRIBUTES)
      throw new Refusal('LIMIT', `An element has more than ${String(MOST_ATTRIBUTES)} attributes.`);
  });
  parser.on('opentag', open);
  parser.on('closetag', close);
  parser.on('text', giveText);
  parser.on('cdata', giveText);

  return {
    write(text) {
      parser.write(text);
      closeWaiting();
      boundTokens(gathered);
    },
    end() {
      parser.close();
    },
    place: () => ({ line: parser.line, column: Math.max(parser.column, 1) }),
    rootEnd: () => rootEnd,
  };
}

/** Saxes gathers each token whole: a test's output of a gigabyte would fill the memory. Its version is pinned and a test watches the memory, so cutting its buffer is safe. */
function boundTokens(gathered: Gathered): void {
  if (gathered.text.length > LONGEST_TOKEN) gathered.text = gathered.text.slice(0, LONGEST_TOKEN);
  const names = [gathered.name, gathered.piTarget, gathered.entity];
  if (names.some(({ length }) => length > LONGEST_NAME)) {
    throw new Refusal('LIMIT', `A name is longer than ${String(LONGEST_NAME)} characters.`);
  }
}

/** How much of a long value saxes has when it is cut depends on the chunks; what is handed on does not. */
function boundAttributes(attributes: Attributes): Attributes {
  const total = Object.values(attributes).reduce((sum, { length }) => sum + length, 0);
  if (total <= LONGEST_TOKEN) return attributes;

  const bounded = Object.entries(attributes).map(
    ([name, value]) => [name, value.slice(0, LONGEST_TOKEN)] as const,
  );
  if (bounded.reduce((sum, [, { length }]) => sum + length, 0) > LONGEST_ATTRIBUTES)
    throw new Refusal('LIMIT', 'The attributes of an element are too long.');
  return Object.fromEntries(bounded);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
