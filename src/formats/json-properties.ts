import { isObject } from './json-values.ts';
import type { Properties } from './report-events.ts';

const MOST_PROPERTIES = 100;
const LONGEST_KEY = 256;
const LONGEST_VALUE = 4_096;

/**
 * Gives the texts, numbers and booleans of an object as properties, arrays of them joined by `, `; what else it holds is passed over.
 * No more than 100 are kept, values are cut to 4,096 characters.
 */
export function toProperties(object: unknown): Properties {
  if (!isObject(object)) return {};
  const entries = Object.entries(object).flatMap(([key, value]): [string, string][] => {
    const text = toText(value);
    if (text === '' || key === '' || key === '__proto__' || key.length > LONGEST_KEY) return [];
    return [[key, text.slice(0, LONGEST_VALUE)]];
  });
  return Object.fromEntries(entries.slice(0, MOST_PROPERTIES));
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toScalar).filter(Boolean).join(', ');
  return toScalar(value);
}

function toScalar(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
