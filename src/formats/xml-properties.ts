import type { Properties } from './report-events.ts';
import { childrenOf, textIn, type XmlElement } from './xml-tree.ts';

const MOST_PROPERTIES = 1_000;
const LONGEST_PROPERTY = 1_000;

/** A list of properties, of which what is too much was left out. */
export interface PropertyList {
  readonly properties: Properties;
  readonly isCut: boolean;
}

/** What has no properties shares this. */
export const noProperties: Properties = {};

/** Gives the properties in elements like `<property name="a" value="b"/>` and `<property name="a">b</property>`. */
export function propertiesIn(list: XmlElement | undefined): PropertyList {
  return toProperties(propertyEntriesIn(list));
}

/** Gives names and values as `propertiesIn` reads them, without a bound. */
export function propertyEntriesIn(
  list: XmlElement | undefined,
): readonly (readonly [name: string, value: string])[] {
  if (list == null) return [];
  return childrenOf(list).map((element) => [
    element.attributes['name'] ?? '',
    element.attributes['value'] ?? textIn(element).trim(),
  ]);
}

/** Gives the first 1,000 of these; a name that comes again adds its value after a comma. Names and values keep 1,000 characters. */
export function toProperties(
  entries: Iterable<readonly [name: string, value: string]>,
): PropertyList {
  const values = new Map<string, Set<string>>();
  let isCut = false;
  for (const [name, value] of entries) {
    if (name === '') continue;
    const key = name.slice(0, LONGEST_PROPERTY);
    const known = values.get(key);
    if (known != null) known.add(value);
    else if (values.size < MOST_PROPERTIES) values.set(key, new Set([value]));
    else isCut = true;
  }
  if (values.size === 0) return { properties: noProperties, isCut };
  const properties = Object.fromEntries(
    [...values].map(([name, all]) => [name, [...all].join(', ').slice(0, LONGEST_PROPERTY)]),
  );
  return { properties, isCut };
}

/** Gives the properties of something inside of what has the outer ones: the inner win, and come first. */
export function inheritProperties(outer: Properties, inner: Properties): Properties {
  if (Object.keys(inner).length === 0) return outer;
  const inherited = Object.entries(outer).filter(([name]) => !Object.hasOwn(inner, name));
  return Object.fromEntries([...Object.entries(inner), ...inherited].slice(0, MOST_PROPERTIES));
}
