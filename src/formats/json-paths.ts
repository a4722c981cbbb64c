import type { Interest, JsonPath } from './json-walker.ts';

/**
 * Makes the `open` of a reader from the paths it reads, e.g. `results.tests.*`: `*` stands for any key or index.
 * What leads to one of them is entered, all else is skipped.
 */
export function selectPaths(paths: readonly string[]): (path: JsonPath) => Interest {
  const patterns = paths.map((path) => path.split('.'));
  return (path) => {
    const leading = patterns.filter((pattern) =>
      path.every((key, index) => pattern[index] === '*' || pattern[index] === key),
    );
    if (leading.some((pattern) => pattern.length === path.length)) return 'READ';
    return leading.length > 0 ? 'ENTER' : 'SKIP';
  };
}
