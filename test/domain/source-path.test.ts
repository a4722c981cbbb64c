import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseSourcePath } from '../../src/domain/source-path.ts';

test.each([
  ['src/a.test.ts', 'src/a.test.ts'],
  ['./src/a.test.ts', 'src/a.test.ts'],
  ['././src/a.test.ts', 'src/a.test.ts'],
  [String.raw`src\a.test.ts`, 'src/a.test.ts'],
  [String.raw`.\src\a.test.ts`, 'src/a.test.ts'],
  ['src//a.test.ts', 'src/a.test.ts'],
  ['src/./a.test.ts', 'src/a.test.ts'],
  ['./../src/a.test.ts', '../src/a.test.ts'],
  ['../src/a.test.ts', '../src/a.test.ts'],
  ['src/../a.test.ts', 'src/../a.test.ts'],
  ['/work/src/a.test.ts', '/work/src/a.test.ts'],
  [String.raw`C:\work\a.test.ts`, 'C:/work/a.test.ts'],
  ['.hidden/a..b/c.', '.hidden/a..b/c.'],
  ['', ''],
  ['.', '.'],
])('%j is written %j', (file, normal) => {
  expect(normaliseSourcePath(file)).toBe(normal);
});

const paths = fc
  .array(fc.constantFrom('.', '..', '/', '//', '\\', 'a', 'b.ts', './', '.\\', ' '))
  .map((parts) => parts.join(''));

test('a path that is normal stays as it is', () => {
  fc.assert(
    fc.property(paths, (file) => {
      const normal = normaliseSourcePath(file);

      expect(normaliseSourcePath(normal)).toBe(normal);
    }),
    { numRuns: 2_000 },
  );
});

test('what is said besides slashes and dots stays, in its order', () => {
  fc.assert(
    fc.property(paths, (file) => {
      const names = (path: string) =>
        path.split(/[\\/]/).filter((part) => !['', '.'].includes(part));

      expect(names(normaliseSourcePath(file))).toEqual(names(file));
    }),
  );
});
