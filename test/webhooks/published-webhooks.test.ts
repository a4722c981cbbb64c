import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type Receiver, startReceiver } from './start-receiver.ts';
import { githubExamples } from './translate.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});

const fixtures = new URL('../fixtures/webhooks/', import.meta.url);

interface Sample {
  readonly provider: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Files of a directory; their events go by their names where the bodies do not say them. */
function filesOf(directory: string, provider: string, header?: string): Sample[] {
  const place = new URL(`${directory}/`, fixtures);
  return readdirSync(place)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      provider,
      body: readFileSync(new URL(file, place), 'utf8'),
      headers: header === undefined ? {} : { [header]: eventOf(file) },
    }));
}

function eventOf(file: string): string {
  const name = file.replace('.json', '');
  const [, status] = /^repo-commit-status-(.+)$/.exec(name) ?? [];
  return status === undefined ? name.replace('-', ':') : `repo:commit_status_${status}`;
}

const samples: readonly (readonly [string, readonly Sample[]])[] = [
  [
    'GitHub',
    githubExamples().map(({ event, payload }) => ({
      provider: 'github',
      body: JSON.stringify(payload),
      headers: { 'x-github-event': event },
    })),
  ],
  ['GitLab', filesOf('go-playground/gitlab', 'gitlab', 'x-gitlab-event')],
  ['Bitbucket', filesOf('go-playground/bitbucket', 'bitbucket', 'x-event-key')],
  ['Bitbucket Server', filesOf('go-playground/bitbucket-server', 'bitbucket', 'x-event-key')],
  ['Azure DevOps', filesOf('go-playground/azuredevops', 'azure')],
  ['CircleCI', filesOf('circleci', 'circleci')],
  ['Jenkins', filesOf('jenkins-notification', 'jenkins')],
];

test.each(samples)(
  'every published webhook of %s is taken, and read or ignored',
  async (_name, all) => {
    const before = await receiver.db.prisma.webhookDelivery.count();
    const bodies = new Set(all.map(({ body }) => createHash('sha256').update(body).digest('hex')));

    const statuses = new Set<number>();
    for (const { provider, body, headers } of all) {
      const url = `${receiver.url}/webhooks/${provider}?apiKey=${receiver.key}`;
      const response = await fetch(url, { method: 'POST', body, headers });
      statuses.add(response.status);
    }
    await receiver.settle();

    expect(statuses).toEqual(new Set([200]));
    expect(await receiver.db.prisma.webhookDelivery.count()).toBe(before + bodies.size);
    expect(await receiver.deliveries({ status: ['FAILED', 'RECEIVED'] })).toEqual([]);
  },
  120_000,
);
