const times = (count: number, text: (index: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(between);

/** A query of exactly so many levels, each with one item. */
export function levels(depth: number): string {
  const below = (level: number): string => {
    if (level === depth - 1) return level % 3 === 1 ? 'totalCount' : 'id';
    const name = ['builds(first: 1)', 'nodes', 'repository'][level % 3] ?? '';
    return `${name} { ${below(level + 1)} }`;
  };
  return `{ ${below(0)} }`;
}

/** `name`, again and again, under other names. */
export const aliases = (count: number, name = '__typename'): string =>
  times(count, (index) => `a${index}: ${name}`);

export const directives = (count: number): string =>
  `{ ${times(count, () => '__typename @include(if: true)')} }`;

/** A query of exactly so many tokens. */
export const tokens = (count: number): string =>
  `{ builds(filter: { branch: [${times(count - 16, () => '"b"')}] }) { totalCount } }`;

export const characters = (count: number): string => `{ __typename } #`.padEnd(count, 'x');

/** One point for the builds, one for the stages of each of 100, and 100 x 100 for each field. */
export const stagesOfAll = (fields: string): string =>
  `{ builds(first: 100) { nodes { stages(first: 100) { nodes { ${fields} } } } } }`;

const ofTypes = (depth: number) => `${'ofType { '.repeat(depth)}name${' }'.repeat(depth)}`;

/** An introspection of exactly so many levels below its first. */
export const introspection = (depth: number): string =>
  `{ __type(name: "Build") { fields { type { ${ofTypes(depth - 3)} } } } }`;

export const introspectionThroughFragments = (depth: number): string =>
  `{ __type(name: "Build") { fields { type { ...A } } } }
   fragment A on __Type { ...B } fragment B on __Type { ${ofTypes(depth - 3)} }`;

/** Fragments F0, F1 … that spread the next one twice: the leaf stands there 2 ^ (count - 1) times. */
export const doubling = (count: number, type: string, leaf: string): string =>
  times(count, (index) => {
    const next = `...F${index + 1}`;
    return `fragment F${index} on ${type} { ${index === count - 1 ? leaf : `${next} ${next}`} }`;
  });
