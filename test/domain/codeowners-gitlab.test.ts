import { expect, test } from 'vitest';
import { fixture, gitlab } from './codeowners-client.ts';

const plain = {
  'app/x.ts': '@default-codeowner',
  'app/x.rb': '@ruby-owner',
  '#file_with_pound.rb': '@owner-file-with-pound',
  'sub/CODEOWNERS': '@multiple @owners @tab-separated',
  LICENSE: '@legal janedoe@gitlab.com',
  'docs/index.md': '@root-docs',
  'docs/projects/index.md': '@all-docs',
  'sub/lib/a/x.ts': '@lib-owner',
  'config/x.yml': '@config-owner',
  'sub/config/x.yml': '@default-codeowner',
  'sub/path with spaces/x': '@space-owner',
};

test("GitLab's own example names the owners that its comments say", async () => {
  const { owned, problems } = await fixture('gitlab/codeowners_example');

  expect(owned(...Object.keys(plain))).toEqual(plain);
  expect(problems).toEqual([
    { line: 24, message: 'names no user, group, role or e-mail: `this`, `does`, `not`' },
  ]);
});

test.each([
  'gitlab/sectional_codeowners_example',
  'gitlab/mixed_case_sectional_codeowners_example',
])('in each section of %s the last rule counts, and the owners of all sections', async (path) => {
  const { owned, sectionCount } = await fixture(path);

  expect(sectionCount).toBe(7);
  expect(owned('LICENSE', 'README.md', 'model/db', 'ee/docs', 'ee/docs/x.md')).toEqual({
    LICENSE: '@legal janedoe@gitlab.com',
    'README.md': '@default-codeowner @gl-docs @gl-database @config-owner',
    'model/db': '@default-codeowner @gl-database @config-owner @gl-docs',
    'ee/docs': '@default-codeowner @gl-docs',
    'ee/docs/x.md': '@default-codeowner',
  });
});

test.each([
  ['README.md', 'README.md a/README.md', 'README.md/x'],
  ['/README.md', 'README.md', 'a/README.md'],
  ['docs/api', 'docs/api a/docs/api', 'docs/api/x'],
  ['docs/', 'docs/x a/docs/b/x', 'docs'],
  ['/docs/*', 'docs/x', 'docs/a/x'],
  ['/docs/**', 'docs/x', 'docs/a/x'],
  ['/docs/**/*.md', 'docs/x.md docs/a/b/x.md', 'docs/x a/docs/x.md'],
  ['*', 'x a/.x', ''],
  ['/[a-c]x', 'ax cx', 'dx'],
  ['/[!a-c]x', 'dx', 'ax'],
  ['/[^a-]x', 'bx', 'ax -x'],
  ['/[^]x', 'ax', 'x'],
  ['/\\[a]', '[a]', 'a'],
  ['/a?', 'ab a😀', 'a'],
])('on GitLab %s names what it names, and nothing else', (pattern, named, others) => {
  const { ownersOf } = gitlab(`${pattern} @owner`);
  const filesOf = (files: string) => files.split(' ').filter((file) => file !== '');

  expect(filesOf(named).filter((file) => ownersOf(file).length === 0)).toEqual([]);
  expect(filesOf(others).filter((file) => ownersOf(file).length > 0)).toEqual([]);
});

test('an entry that names no owner has those of its section', () => {
  const { owned, problems } = gitlab(
    '* @all',
    'nobody.md',
    '[Documentation][2] @docs-team',
    'docs/',
    'README.md @writers',
    '^[Database] @@maintainer dba@example.com',
    'db/',
    'none.sql nobody',
  );

  expect(owned('x', 'nobody.md', 'docs/x', 'README.md', 'db/x', 'none.sql')).toEqual({
    x: '@all',
    'nobody.md': '',
    'docs/x': '@all @docs-team',
    'README.md': '@all @writers',
    'db/x': '@all @@maintainer dba@example.com',
    'none.sql': '@all',
  });
  expect(problems).toEqual([
    { line: 8, message: 'names no user, group, role or e-mail: `nobody`' },
  ]);
});

test('what is excluded has no owner in that section, whatever comes before or after', () => {
  const { owned } = gitlab(
    '* @default-owner',
    '!pom.xml',
    '[Ruby]',
    '*.rb @ruby-team',
    '!/config/**/*.rb # comment',
    '/config/routes.rb @ops',
    '[Config]',
    '/config/ @ops-team',
  );

  expect(owned('pom.xml', 'a.rb', 'config/a.rb', 'config/routes.rb')).toEqual({
    'pom.xml': '',
    'a.rb': '@default-owner @ruby-team',
    'config/a.rb': '@default-owner @ops-team',
    'config/routes.rb': '@default-owner @ops-team',
  });
});

test('a comment behind an entry is none, and what is no heading is reported', () => {
  const { owned, problems } = gitlab(
    '*.md @docs # or ask @ada',
    '[]',
    '[Unclosed @team',
    '[a-z @x',
  );

  expect(owned('x.md', 'a')).toEqual({ 'x.md': '@docs @ada', a: '' });
  const heading = 'is ignored: it is no heading of a section, for want of a name or a `]`';
  expect(problems).toEqual([
    { line: 1, message: 'has owners behind a `#`: GitLab knows no comment here, they count' },
    { line: 2, message: heading },
    { line: 3, message: heading },
    { line: 4, message: heading },
  ]);
});
