import { ValidationError } from '../errors.ts';

/**
 * A place in an ordered list: the order's key, then the columns that make it unique. Values are text;
 * Postgres casts them back. A cursor names its list and order, so that one from elsewhere is refused.
 */
export type Place = readonly string[];

/** Postgres types that a place is made of. */
export type PlaceType = 'timestamptz' | 'bigint' | 'int' | 'text' | 'uuid';

/** Whether a text is a value of the type, as `placeValue` writes it: Postgres can cast no other. */
const isValueOf: Readonly<Record<PlaceType, (text: string) => boolean>> = {
  timestamptz: (text) => {
    const at = new Date(text);
    return /^\d{4}-/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString() === text;
  },
  bigint: (text) => isInteger(text, 64),
  int: (text) => isInteger(text, 32),
  text: () => true,
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
};

function isInteger(text: string, bits: 32 | 64): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(bits, BigInt(text)) === BigInt(text);
}

/** Gives a column's value as text that is the same whatever time zone the database speaks in. */
export function placeValue(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Gives the opaque text of a cursor: base64url of `[list, order, ...place]`. */
export function encodeCursor(list: string, order: string, place: Place): string {
  return Buffer.from(JSON.stringify([list, order, ...place])).toString('base64url');
}

/**
 * Gives the place a cursor stands for.
 *
 * @param argument the argument the cursor came in, for the error
 * @throws {ValidationError} if the text is no cursor, or one of another list or order
 */
export function decodeCursor(
  argument: 'after' | 'before',
  cursor: string,
  expected: { list: string; order: string; types: readonly PlaceType[] },
): Place {
  const parts = parse(cursor);
  if (parts === null) throw refusal(argument, 'is not a cursor of this API');

  const [list, order, ...place] = parts;
  if (
    list !== expected.list ||
    order !== expected.order ||
    place.length !== expected.types.length
  ) {
    throw refusal(
      argument,
      `belongs to another list or order (${String(list)} by ${String(order)}); this is ${expected.list} by ${expected.order}: use cursors with the same connection and orderBy that gave them`,
    );
  }
  if (!expected.types.every((type, index) => isValueOf[type](place[index] ?? ''))) {
    throw refusal(argument, `holds values that are none of ${expected.list} by ${expected.order}`);
  }
  return place;
}

function parse(cursor: string): string[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : null;
  } catch {
    return null; // not base64url, or not JSON: the caller says so
  }
}

function refusal(argument: string, message: string): ValidationError {
  return new ValidationError([{ path: [argument], message }]);
}
