import { expect, test } from 'vitest';
import { ciServer } from '../../src/domain/ci-server.ts';
import { canonicalSource } from '../../src/domain/ci-source.ts';

test.each([
  ['acme/widgets', 'github.com'],
  ['https://github.com/acme/widgets', 'github.com'],
  ['https://github.com/acme/widgets/actions/workflows/ci.yml', 'github.com'],
  ['https://github.com', 'github.com'],
  ['HTTPS://GitLab.Example.org:443/group/project', 'gitlab.example.org'],
  ['http://jenkins.local:8080/', 'jenkins.local:8080'],
])('the server of %s is %s', (instance, server) => {
  expect(ciServer([instance])).toBe(server);
});

test.each([null, undefined, '', 'jenkins', 'ftp://x/y', 'https://', 'a/b/c'])(
  '%s names no server',
  (instance) => {
    expect(ciServer([instance])).toBeNull();
  },
);

test('the first address that names a server decides', () => {
  expect(ciServer([null, 'main', 'https://ci.example.org/1', 'https://other.org'])).toBe(
    'ci.example.org',
  );
});

test('one CI system has one word, whoever names it', () => {
  const words = ['github', 'GitHub', 'github-actions', ' github_actions '].map(canonicalSource);

  expect(words).toEqual(Array.from({ length: 4 }, () => 'github-actions'));
  expect(canonicalSource('Jenkins')).toBe('jenkins');
});
