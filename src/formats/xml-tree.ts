import { Refusal, type Attributes, type XmlHandlers } from './xml-document.ts';

/** Longest text kept of one element, in UTF-16 units: one more than readers keep, so that they see that it is cut. */
const LONGEST_TEXT = 65_537;
/** Most text and attributes kept of one gathered element with all its descendants, in UTF-16 units. */
const MOST_CHARACTERS = 8 * 1_048_576;
const MOST_ELEMENTS = 100_000;

/** An element with all that is in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Attributes;
  /** Texts and elements, in document order. */
  readonly content: readonly (string | XmlElement)[];
  /** True when an element stood in it that was gathered of its own. */
  readonly hasInner: boolean;
}

/** What a reader does with the parts of a document. */
export interface XmlTreeReader {
  /** Elements that are gathered whole where they stand outside of a gathered element, e.g. `properties`. */
  readonly parts: readonly string[];
  /** Elements that are gathered whole wherever they stand, each of its own, e.g. `testcase`. */
  readonly cases: readonly string[];
  /** Any other element outside of a gathered one begins. */
  enter(name: string, attributes: Attributes): void;
  /** An element that was entered ends. */
  leave(name: string): void;
  /** A gathered element is complete. */
  take(element: XmlElement): void;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Attributes;
  readonly content: (string | XmlElement)[];
  readonly kind: 'ENTERED' | 'CHILD' | 'WHOLE';
  readonly budget: Budget;
  textLength: number;
  hasInner: boolean;
}

/** What a gathered element may still hold. */
interface Budget {
  characters: number;
  elements: number;
}

/**
 * Turns the events of a document into whole elements for what is small (a case, a list of properties) and events for what
 * is not (suites, the report). What is gathered is bounded: texts are cut, and a case with 100,000 elements is refused.
 */
export function createXmlTree(reader: XmlTreeReader): XmlHandlers {
  const stack: OpenElement[] = [];

  function isGathering(parent: OpenElement | undefined): parent is OpenElement {
    return parent != null && parent.kind !== 'ENTERED';
  }

  function kindOf(name: string, parent: OpenElement | undefined): OpenElement['kind'] {
    if (reader.cases.includes(name)) return 'WHOLE';
    if (isGathering(parent)) return 'CHILD';
    return reader.parts.includes(name) ? 'WHOLE' : 'ENTERED';
  }

  return {
    open(name, attributes) {
      const parent = stack.at(-1);
      const kind = kindOf(name, parent);
      const budget =
        kind === 'CHILD' && parent != null
          ? parent.budget
          : { characters: MOST_CHARACTERS, elements: MOST_ELEMENTS };
      if (kind === 'WHOLE' && parent != null) parent.hasInner = true;
      const kept = kind === 'ENTERED' ? attributes : keepAttributes(attributes, budget);
      stack.push({
        name,
        attributes: kept,
        content: [],
        kind,
        budget,
        textLength: 0,
        hasInner: false,
      });
      if (kind === 'ENTERED') reader.enter(name, attributes);
    },
    close() {
      const element = stack.pop();
      if (element == null) return;
      const { name, attributes, content, hasInner, kind } = element;
      if (kind === 'ENTERED') reader.leave(name);
      const parent = stack.at(-1);
      if (kind === 'CHILD' && parent != null) {
        parent.content.push({ name, attributes, content, hasInner });
        parent.hasInner ||= hasInner;
      }
      if (kind === 'WHOLE') reader.take({ name, attributes, content, hasInner });
    },
    text(piece) {
      const element = stack.at(-1);
      if (isGathering(element)) keepText(element, piece);
    },
  };
}

function keepAttributes(attributes: Attributes, budget: Budget): Attributes {
  budget.elements -= 1;
  if (budget.elements < 0)
    throw new Refusal('LIMIT', `A test has more than ${String(MOST_ELEMENTS)} elements in it.`);
  const characters = Object.values(attributes).reduce((sum, { length }) => sum + length, 0);
  if (characters > budget.characters) return {};
  budget.characters -= characters;
  return attributes;
}

function keepText(element: OpenElement, piece: string): void {
  const { budget, content } = element;
  const kept = piece.slice(0, Math.min(LONGEST_TEXT - element.textLength, budget.characters));
  if (kept === '') return;
  element.textLength += kept.length;
  budget.characters -= kept.length;
  const last = content.at(-1);
  if (typeof last === 'string') content[content.length - 1] = last + kept;
  else content.push(kept);
}

/** Gives the elements directly in this one, in document order; all of them, or those of a name. */
export function childrenOf(element: XmlElement, name?: string): readonly XmlElement[] {
  return element.content.filter(
    (part): part is XmlElement =>
      typeof part !== 'string' && (name === undefined || part.name === name),
  );
}

/** Gives the first element that a path of names leads to; undefined when there is none. */
export function childAt(element: XmlElement, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => at && childrenOf(at, name)[0], element);
}

/** Gives the text in an element and in those inside it, in document order, without that of elements with these names. */
export function textIn(element: XmlElement | undefined, without: readonly string[] = []): string {
  if (element == null) return '';
  return element.content
    .map((part) => {
      if (typeof part === 'string') return part;
      return without.includes(part.name) ? '' : textIn(part, without);
    })
    .join('');
}
