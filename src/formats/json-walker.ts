import { TokenType } from '@streamparser/json';
import { ReportRefusal } from './report-refusal.ts';

const DEEPEST_VALUE = 100;
/** Largest value kept, in characters of its strings plus `TOKEN_COST` for each key and value. */
const LARGEST_VALUE = 16_777_216;
const TOKEN_COST = 32;

/** Keys and array indices from the root to a value. */
export type JsonPath = readonly (string | number)[];

/** What is to be done with a value: give it whole, look at what is inside, or pass over it. */
export type Interest = 'READ' | 'ENTER' | 'SKIP';

export type JsonKind = 'ARRAY' | 'OBJECT' | 'SCALAR';

/** What a reader does with the values of a document. */
export interface JsonHandlers {
  /** A value begins that is not inside a `READ` or `SKIP` one. The path is only valid during the call. */
  open(path: JsonPath, kind: JsonKind): Interest;
  /** A `READ` value is complete. */
  value(path: JsonPath, value: unknown): void;
  /** Keys whose values are left out of `READ` values, e.g. those that hold screenshots. */
  readonly ignoredKeys?: ReadonlySet<string>;
}

/** Follows the tokens of one document. */
export interface JsonWalker {
  /** Takes the next token. @throws {ReportRefusal} where it cannot stand, or nests too deep */
  take(token: TokenType, value: unknown): void;
  /** @throws {ReportRefusal} when the document is not complete */
  end(): void;
  /** Number of `READ` values that were too large to be kept. */
  skipped(): number;
}

interface Frame {
  readonly interest: Interest;
  readonly isArray: boolean;
  /** What is built of a `READ` value; undefined when nothing is. */
  container: unknown[] | Record<string, unknown> | undefined;
}

type Expected =
  'VALUE' | 'VALUE_OR_END' | 'KEY' | 'KEY_OR_END' | 'COLON' | 'COMMA_OR_END' | 'NOTHING';

/**
 * Makes a walker that builds nothing but `READ` values. Depth is bounded to 100; a `READ` value beyond 16 Mi
 * characters is dropped and counted. A repeated key has its last value; `__proto__` is no key.
 */
export function createJsonWalker(handlers: JsonHandlers): JsonWalker {
  const frames: Frame[] = [];
  const path: (string | number)[] = [];
  let expected: Expected = 'VALUE';
  let cost = 0;
  let skipped = 0;

  function isIgnored(): boolean {
    const key = path.at(-1);
    return (
      typeof key === 'string' && (key === '__proto__' || (handlers.ignoredKeys?.has(key) ?? false))
    );
  }

  /** The interest in the value that begins here. */
  function interestHere(kind: JsonKind): Interest {
    const parent = frames.at(-1);
    if (parent != null && parent.interest !== 'ENTER')
      return isIgnored() ? 'SKIP' : parent.interest;
    cost = 0;
    return handlers.open(path, kind);
  }

  function isReadRoot(): boolean {
    return frames.at(-1)?.interest !== 'READ';
  }

  /** Counts what a `READ` value holds; once it is too much, nothing more of it is built. */
  function charge(length: number): void {
    cost += TOKEN_COST + length;
    if (cost <= LARGEST_VALUE) return;
    for (const frame of frames) frame.container = undefined;
  }

  function keep(value: unknown): void {
    const parent = frames.at(-1);
    const key = path.at(-1);
    if (Array.isArray(parent?.container)) parent.container.push(value);
    else if (parent?.container != null && key !== undefined) parent.container[key] = value;
  }

  function finish(interest: Interest, value: unknown): void {
    if (interest === 'READ' && isReadRoot()) {
      if (cost > LARGEST_VALUE) skipped += 1;
      else handlers.value(path, value);
    }
    expected = frames.length === 0 ? 'NOTHING' : 'COMMA_OR_END';
  }

  function takeScalar(value: unknown): void {
    const interest = interestHere('SCALAR');
    if (interest === 'READ') {
      charge(typeof value === 'string' ? value.length : 0);
      keep(value);
    }
    finish(interest, value);
  }

  function openContainer(isArray: boolean): void {
    if (frames.length >= DEEPEST_VALUE)
      throw new ReportRefusal('LIMIT', `The JSON is nested more than ${DEEPEST_VALUE} deep.`);
    const interest = interestHere(isArray ? 'ARRAY' : 'OBJECT');
    let container: Frame['container'];
    if (interest === 'READ') {
      charge(0);
      if (isReadRoot() || frames.at(-1)?.container != null) container = isArray ? [] : {};
      keep(container);
    }
    frames.push({ interest, isArray, container });
    if (isArray) path.push(0);
    expected = isArray ? 'VALUE_OR_END' : 'KEY_OR_END';
  }

  function closeContainer(): void {
    const frame = frames.pop();
    if (frame == null) return;
    if (frame.isArray || expected !== 'KEY_OR_END') path.pop();
    finish(frame.interest, frame.container);
  }

  function takeKey(key: string): void {
    if (frames.at(-1)?.interest === 'READ') charge(key.length);
    if (expected === 'KEY_OR_END') path.push(key);
    else path[path.length - 1] = key;
    expected = 'COLON';
  }

  function takeComma(): void {
    const index = path.at(-1);
    const isArray = frames.at(-1)?.isArray === true;
    if (isArray && typeof index === 'number') path[path.length - 1] = index + 1;
    expected = isArray ? 'VALUE' : 'KEY';
  }

  function canEnd(isArray: boolean): boolean {
    if (frames.at(-1)?.isArray !== isArray) return false;
    return expected === 'COMMA_OR_END' || expected === (isArray ? 'VALUE_OR_END' : 'KEY_OR_END');
  }

  const takesValue = (): boolean => expected === 'VALUE' || expected === 'VALUE_OR_END';

  return {
    take(token, value) {
      if (takesValue() && (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET)) {
        openContainer(token === TokenType.LEFT_BRACKET);
      } else if (takesValue() && token >= TokenType.TRUE) takeScalar(value);
      else if (
        typeof value === 'string' &&
        expected.startsWith('KEY') &&
        token === TokenType.STRING
      )
        takeKey(value);
      else if (expected === 'COLON' && token === TokenType.COLON) expected = 'VALUE';
      else if (expected === 'COMMA_OR_END' && token === TokenType.COMMA) takeComma();
      else if (token === TokenType.RIGHT_BRACE && canEnd(false)) closeContainer();
      else if (token === TokenType.RIGHT_BRACKET && canEnd(true)) closeContainer();
      else
        throw new ReportRefusal(
          'MALFORMED',
          `The JSON is malformed: ${nameOf(token)} cannot stand here.`,
        );
    },
    end() {
      if (expected !== 'NOTHING')
        throw new ReportRefusal('MALFORMED', 'The JSON breaks off before its end.');
    },
    skipped: () => skipped,
  };
}

function nameOf(token: TokenType): string {
  if (token === TokenType.STRING) return 'a string';
  if (token === TokenType.NUMBER) return 'a number';
  if (token >= TokenType.TRUE) return 'a word';
  return `"${'{}[]:,'.charAt(token)}"`;
}
