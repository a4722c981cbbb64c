import { createHmac } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { type Receiver, startReceiver } from './start-receiver.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});

interface Answer {
  readonly id: string;
}

test.each(['GITHUB', 'BITBUCKET'] as const)(
  'what %s signed is stored once, whatever the headers say that nobody signed',
  async (provider) => {
    const source = await receiver.createSource(provider);
    const body = JSON.stringify({ zen: provider });
    const signature = createHmac('sha256', source.secret).update(body).digest('hex');
    const sendAs = (word: string) =>
      fetch(source.url, {
        method: 'POST',
        body,
        headers: {
          'x-github-event': word,
          'x-github-delivery': word,
          'x-hub-signature-256': `sha256=${signature}`,
          'x-event-key': word,
          'x-request-uuid': word,
          'x-hub-signature': `sha256=${signature}`,
        },
      });

    const first = (await (await sendAs('one')).json()) as Answer;
    const second = (await (await sendAs('two')).json()) as Answer;

    expect(second.id).toBe(first.id);
  },
);

const agents = [
  {
    provider: 'TEAMCITY',
    name: 'agent-1',
    comes: { eventType: 'AGENT_REGISTERED', payload: { name: 'agent-1' } },
    goes: { eventType: 'AGENT_UNREGISTERED', payload: { name: 'agent-1' } },
  },
  {
    provider: 'BUILDKITE',
    name: 'agent-2',
    comes: { event: 'agent.connected', agent: { name: 'agent-2' } },
    goes: { event: 'agent.disconnected', agent: { name: 'agent-2' } },
  },
] as const;

test.each(agents)(
  'an agent of $provider that came, went and came again is online, though it says the same as before',
  async ({ provider, name, comes, goes }) => {
    const { url, secret } = await receiver.createSource(provider);

    for (const said of [comes, goes, comes]) {
      const headers = { 'x-buildkite-token': secret, 'x-api-key': secret };
      await fetch(url, { method: 'POST', body: JSON.stringify(said), headers });
      await receiver.settle();
    }

    expect(await receiver.db.prisma.agent.findMany({ where: { name } })).toMatchObject([
      { status: 'ONLINE' },
    ]);
  },
);

test('what Buildkite signed with a time is stored once, also of agents', async () => {
  const { url, secret } = await receiver.createSource('BUILDKITE');
  const body = JSON.stringify({ event: 'agent.lost', agent: { name: 'agent-3' } });
  const sendAt = async (timestamp: number) => {
    const hmac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    const headers = { 'x-buildkite-signature': `timestamp=${timestamp},signature=${hmac}` };
    return (await (await fetch(url, { method: 'POST', body, headers })).json()) as Answer;
  };
  const now = Math.floor(Date.now() / 1000);

  const first = await sendAt(now);
  const replayed = await sendAt(now);
  const later = await sendAt(now + 1);

  expect(replayed.id).toBe(first.id);
  expect(later.id).not.toBe(first.id);
});
