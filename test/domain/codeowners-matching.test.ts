import fc from 'fast-check';
import { expect, test } from 'vitest';
import { github, gitlab } from './codeowners-client.ts';

const part = fc.constantFrom('a', 'b', 'ab', '*', '**', 'a*', '*b', '?', 'a*b*');
const pattern = fc
  .tuple(
    fc.constantFrom('', '/'),
    fc.array(part, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '/'),
  )
  .map(([start, parts, end]) => `${start}${parts.join('/')}${end}`);
const path = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'ba', 'aab', 'c'), { minLength: 1, maxLength: 5 })
  .map((names) => names.join('/'));

test('files are matched as the definitions of GitHub say, written as regular expressions', () => {
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 5 }), path, (patterns, file) => {
      const { ownersOf } = github(...patterns.map((text, index) => `${text} @o${index}`));

      const last = patterns.findLastIndex((text) => githubExpression(text).test(file));

      expect(ownersOf(file)).toEqual(last === -1 ? [] : [`@o${last}`]);
    }),
  );
});

test('files are matched as the definitions of GitLab say, written as regular expressions', () => {
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 5 }), path, (patterns, file) => {
      const { ownersOf } = gitlab(...patterns.map((text, index) => `${text} @o${index}`));

      const last = patterns.findLastIndex((text) => gitlabExpression(text).test(`/${file}`));

      expect(ownersOf(file)).toEqual(last === -1 ? [] : [`@o${last}`]);
    }),
  );
});

/** Over a path without a leading slash. */
function githubExpression(text: string): RegExp {
  const anchored = /.\/./.test(text.replace(/\/$/, '')) || text.startsWith('/');
  const bare = text.replace(/^\//, '').replace(/\/$/, '/**');
  const all = anchored || bare === '**' ? bare : `**/${bare}`;
  const body = all
    .replace(/\/\*\*$/, '/<some>')
    .replace(/^\*\*$/, '<some>')
    .replace(/(?<=^|\/)\*\*\//g, '<dirs>')
    .replace(/(^|\/|<dirs>)\*\*(?=\/)/g, '$1<dirs>');
  const below = /(^|\/|<dirs>)\*$|<some>$/.test(body) ? '' : '(/.*)?';
  return new RegExp(`^${toExpression(body)}${below}$`);
}

/** Over a path with a leading slash. */
function gitlabExpression(text: string): RegExp {
  const rooted = text.startsWith('/') ? text : `/**/${text}`;
  const whole = rooted.endsWith('/') ? `${rooted}**/*` : rooted;
  return new RegExp(`^${toExpression(whole.replace(/(?<=\/)\*\*\//g, '<dirs>'))}$`);
}

function toExpression(text: string): string {
  return text.replace(/<dirs>|<some>|\*+|\?/g, (found) => {
    if (found === '<dirs>') return '(.+/)?';
    if (found === '<some>') return '.+';
    return found === '?' ? '[^/]' : '[^/]*';
  });
}

test.each([
  ['stars in a name', () => `${'*a'.repeat(50_000)}b @o`, `${'a'.repeat(500)}/${'a'.repeat(500)}c`],
  ['stars and question marks', () => `/${'*?a'.repeat(10_000)} @o`, 'a'.repeat(1_000)],
  ['directories at any depth', () => `${'**/a/'.repeat(50_000)}b @o`, `${'a/'.repeat(250)}c`],
  [
    'many patterns that begin alike',
    () => Array.from({ length: 20_000 }, (_, index) => `**/a*${index}*/**/b @o`).join('\n'),
    `${'a1/'.repeat(20)}c`,
  ],
  ['blanks', () => `a ${' '.repeat(1_000_000)}x`, 'a'],
  ['owners', () => `a @a${'.'.repeat(200)}!`, 'a'],
  ['owners of groups', () => `a @a${'/a.'.repeat(60)}!`, 'a'],
  ['brackets', () => `[${'['.repeat(1_000_000)}`, 'a'],
])('matching a hostile file comes to an end: %s', (_kind, content, file) => {
  const owners = [github(content()), gitlab(content())].map(({ ownersOf }) => ownersOf(file));

  expect(owners).toEqual([[], []]); // or the time for a test is over
});

test('paths are read from the root of the repository, and what is outside has no owner', () => {
  const { owned } = github('/src/ @one');

  expect(owned('src/a', './src/a', '/src/a', 'src//a', '../src/a', 'src/../a', '', '/')).toEqual({
    'src/a': '@one',
    './src/a': '@one',
    '/src/a': '@one',
    'src//a': '@one',
    '../src/a': '',
    'src/../a': '',
    '': '',
    '/': '',
  });
});

test('a file with more problems than are kept has them counted', () => {
  const { problems, problemCount, rules } = github(...Array.from({ length: 250 }, () => '!x @a'));

  expect(problems).toHaveLength(100);
  expect(problemCount).toBe(250);
  expect(rules).toEqual([]);
});
