import { expect, test } from 'vitest';
import { fixture, github } from './codeowners-client.ts';

test("GitHub's own example names the owners that its comments say", async () => {
  const { owned, problems } = await fixture('github/codeowners_example');

  expect(problems).toEqual([]);
  expect(
    owned(
      'README.md',
      'src/deep/index.js',
      'main.go',
      'build/logs/2026/a.txt',
      'sub/build/logs/a.txt',
      'docs/getting-started.md',
      'docs/build-app/troubleshooting.md',
      'sub/docs/a.md',
      'apps/a/b.js',
      'sub/apps/a.go',
      'etc/passwd',
      'sub/etc/x/y',
      'a/another',
      'another/one/file',
    ),
  ).toEqual({
    'README.md': '@global-owner1 @global-owner2',
    'src/deep/index.js': '@js-owner',
    'main.go': 'docs@example.com',
    'build/logs/2026/a.txt': '@doctocat',
    'sub/build/logs/a.txt': '@global-owner1 @global-owner2',
    'docs/getting-started.md': '@doctocat',
    'docs/build-app/troubleshooting.md': '@doctocat',
    'sub/docs/a.md': '@global-owner1 @global-owner2',
    'apps/a/b.js': '@octocat',
    'sub/apps/a.go': '@octocat',
    'etc/passwd': '@actocat',
    'sub/etc/x/y': '@actocat',
    'a/another': '@bctocat',
    'another/one/file': '@bctocat',
  });
});

test.each([
  ['src', 'src a/src src/x a/src/x/y', 'src.ts a/srcs'],
  ['/src', 'src src/x', 'a/src'],
  ['src/', 'src/x a/src/x/y', 'src a/src'],
  ['/src/', 'src/x src/x/y', 'src a/src/x'],
  ['src/api', 'src/api src/api/x', 'a/src/api src/apis'],
  ['src/api/', 'src/api/x', 'src/api a/src/api/x'],
  ['*', 'x a/x .hidden', ''],
  ['/*', 'x', 'a/x'],
  ['/*/', 'a/x a/b/x', 'x'],
  ['docs/*', 'docs/x', 'docs docs/a/x a/docs/x'],
  ['docs/*.md', 'docs/x.md docs/.md', 'docs/a/x.md x.md'],
  ['docs/*/api', 'docs/a/api docs/a/api/x', 'docs/api docs/a/b/api'],
  ['*.md', 'x.md a/x.md x.md/y', 'x.mdx'],
  ['t?st', 'test a/tast', 'tst teest'],
  ['**/docs/api', 'docs/api a/docs/api a/b/docs/api/x', 'docs/a/api'],
  ['docs/**', 'docs/x docs/a/x', 'docs a/docs/x'],
  ['docs/**/api', 'docs/api docs/a/api docs/a/b/api/x', 'docs/a a/docs/api'],
  ['docs/**/', 'docs/x docs/a/x', 'docs'],
  ['**', 'x a/x', ''],
  ['a**b', 'ab axxb', 'a/b'],
  ['odd\\ name', 'odd/..x', 'odd name.txt'],
  ['\\*.md', '*.md', 'x.md'],
  ['ä?', 'ä😀', 'äbc'],
])('on GitHub %s names what it names, and nothing else', (pattern, named, others) => {
  const { ownersOf } = github(`${pattern} @owner`);
  const filesOf = (files: string) =>
    files.split(' ').filter((file) => file !== '' && !file.includes('..'));

  expect(filesOf(named).filter((file) => ownersOf(file).length === 0)).toEqual([]);
  expect(filesOf(others).filter((file) => ownersOf(file).length > 0)).toEqual([]);
});

test('the last rule that matches wins, and one without owners takes them away', () => {
  const { owned } = github(
    '* @all',
    '/apps/ @apps @Apps team@example.com',
    '/apps/github',
    '*.MD @docs',
  );

  expect(owned('a.ts', 'apps/x.ts', 'apps/github/x.ts', 'apps/x.md', 'apps/x.MD')).toEqual({
    'a.ts': '@all',
    'apps/x.ts': '@apps team@example.com',
    'apps/github/x.ts': '',
    'apps/x.md': '@apps team@example.com',
    'apps/x.MD': '@docs',
  });
});

test('blanks that are escaped belong to the pattern, and a comment ends a line', () => {
  const { owned, problems } = github(
    '\uFEFF# nothing here',
    'with\\ blank/ @one   # and @two',
    '\tc#/x @org/team-1\r',
    '/none # @nobody',
  );

  expect(problems).toEqual([]);
  expect(owned('with blank/x', 'with', 'c#/x', 'none')).toEqual({
    'with blank/x': '@one',
    with: '',
    'c#/x': '@org/team-1',
    none: '',
  });
});

test('a line that GitHub does not take is left out and reported', () => {
  const { owned, problems, problemCount } = github(
    '* @all',
    '!a.ts @one',
    '[ab].ts @one',
    '\\#c.ts @one',
    'a/***/b @one',
    'e.ts @one someone',
    'f.ts @@maintainer',
    'g.ts\\',
    '/ @one',
    `h.ts ${Array.from({ length: 101 }, (_, index) => `@o${index}`).join(' ')}`,
  );

  expect(problems).toEqual([
    { line: 2, message: 'is ignored: GitHub knows no `!`' },
    { line: 3, message: 'is ignored: GitHub knows no `[` and `]`' },
    { line: 4, message: 'is ignored: GitHub takes no pattern that begins with `#`' },
    { line: 5, message: 'is ignored: three `*` in a row mean nothing' },
    { line: 6, message: 'is ignored: `someone` is no user, team or e-mail address' },
    { line: 7, message: 'is ignored: `@@maintainer` is no user, team or e-mail address' },
    { line: 8, message: 'is ignored: its pattern ends with a `\\` that escapes nothing' },
    { line: 9, message: 'is ignored: its pattern matches nothing' },
    { line: 10, message: 'is ignored: it has more than 100 owners' },
  ]);
  expect(problemCount).toBe(9);
  expect(new Set(Object.values(owned('a.ts', '#c.ts', 'a/x/b', 'e.ts', 'h.ts')))).toEqual(
    new Set(['@all']),
  );
});
