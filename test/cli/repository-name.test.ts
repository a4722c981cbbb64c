import { expect, test } from 'vitest';
import { repositoryOfRemote, splitRepository } from '../../src/cli/report/repository-name.ts';
import { repositoryAt } from '../../src/webhooks/facts.ts';

test.each([
  ['git@github.com:acme/widgets.git', 'acme/widgets'],
  ['github.com:acme/widgets', 'acme/widgets'],
  ['https://github.com/acme/widgets', 'acme/widgets'],
  ['https://ci-token:5ecret@gitlab.com/acme/shop/widgets.git/', 'acme/shop/widgets'],
  ['ssh://git@git.example.com:7999/acme/widgets.git', 'acme/widgets'],
  ['https://git.example.com/scm/acme/widgets.git', 'acme/widgets'],
  ['https://acme@dev.azure.com/acme/Big%20Widgets/_git/widgets', 'acme/Big Widgets/widgets'],
  ['https://git.example.com/acme/%zz.git', 'acme/%zz'],
  ['https://git.example.com/acme/100%.git', 'acme/100%'],
  ['git@git.example.com:acme/100%.git', 'acme/100%'],
  ['/srv/git/widgets.git', undefined],
  ['C:\\git\\widgets', undefined],
  ['C:/git/widgets', undefined],
  ['file:///srv/git/widgets.git', undefined],
  ['https://git.example.com/widgets.git', undefined],
  ['', undefined],
  [undefined, undefined],
])('the remote %j is the repository %j, for a report and for a webhook', (remote, repository) => {
  const found = repositoryOfRemote(remote);
  const ofWebhook = repositoryAt(remote ?? null);

  expect(found).toBe(repository);
  expect(ofWebhook && `${ofWebhook.owner}/${ofWebhook.name}`).toBe(repository ?? null);
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
