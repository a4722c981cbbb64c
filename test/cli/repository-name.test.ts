import { expect, test } from 'vitest';
import { repositoryOfRemote, splitRepository } from '../../src/cli/report/repository-name.ts';

test.each([
  ['git@github.com:acme/widgets.git', 'acme/widgets'],
  ['github.com:acme/widgets', 'acme/widgets'],
  ['https://github.com/acme/widgets', 'acme/widgets'],
  ['https://ci-token:5ecret@gitlab.com/acme/shop/widgets.git/', 'acme/shop/widgets'],
  ['ssh://git@git.example.com:7999/acme/widgets.git', 'acme/widgets'],
  ['https://git.example.com/scm/acme/widgets.git', 'acme/widgets'],
  ['https://acme@dev.azure.com/acme/Big%20Widgets/_git/widgets', 'acme/Big Widgets/widgets'],
  ['/srv/git/widgets.git', undefined],
  ['C:\\git\\widgets', undefined],
  ['C:/git/widgets', undefined],
  ['file:///srv/git/widgets.git', undefined],
  ['https://git.example.com/widgets.git', undefined],
  ['', undefined],
  [undefined, undefined],
])('the remote %j is the repository %j', (remote, repository) => {
  const found = repositoryOfRemote(remote);

  expect(found).toBe(repository);
});

test.each([
  ['acme/widgets', { owner: 'acme', name: 'widgets' }],
  ['acme/shop/widgets', { owner: 'acme/shop', name: 'widgets' }],
  ['widgets', undefined],
  ['acme/', undefined],
  ['/widgets', undefined],
])('%j has the owner and the name %j', (repository, parts) => {
  const split = splitRepository(repository);

  expect(split).toEqual(parts);
});
