import { beforeAll, describe, expect, test } from 'vitest';
import { recordAgents } from '../../src/ingest/record-agents.ts';
import type { AgentQueue } from '../generated/graphql.ts';
import { ago, hour, minute, namesOf, newServer } from '../ingest/agent-reports.ts';
import { contextOf } from '../ingest/upload-entries.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const queue = `query ($server: String!, $first: Int = 100) { agentQueue(server: $server, first: $first) {
  server recordedAt length items { jobName queuedSince waitTimeMs reason raw } } }`;

async function queueOf(variables: object): Promise<AgentQueue | null | undefined> {
  const { data, errors } = await gateway.graphql<{ agentQueue: AgentQueue | null }>(
    queue,
    variables,
  );
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.agentQueue;
}

describe('the queue of a CI server', () => {
  test('is read in the words that clients have for it', async () => {
    const { server, instance } = newServer();
    const at = ago(minute);
    const since = new Date(at.getTime() - 90_000);
    const queueItems = [
      { jobName: 'build', queuedSince: since.toISOString(), waitTime: 5.4, reason: 'no agent' },
      { jobName: 'test', queuedSince: since.getTime(), why: 'busy' },
      { task: { name: 'deploy' }, inQueueSince: String(since.getTime()) },
      { queuedSince: 'yesterday', waitTime: 'long', jobName: 7 },
      'text',
    ];
    await recordAgents(contextOf(gateway), { instance, agents: [], queueItems, recordedAt: at });

    const answer = await queueOf({ server: instance });

    const [first, second, third, fourth] = queueItems;
    const queuedSince = since.toISOString();
    const nothing = { jobName: null, queuedSince: null, waitTimeMs: null, reason: null };
    expect(answer).toEqual({
      server,
      recordedAt: at.toISOString(),
      length: 5,
      items: [
        { jobName: 'build', queuedSince, waitTimeMs: 5, reason: 'no agent', raw: first },
        { jobName: 'test', queuedSince, waitTimeMs: 90_000, reason: 'busy', raw: second },
        { jobName: 'deploy', queuedSince, waitTimeMs: 90_000, reason: null, raw: third },
        { ...nothing, raw: fourth },
        { ...nothing, raw: null },
      ],
    });
  });

  test('is the one reported last, whatever reports without one say after it', async () => {
    const { server, instance } = newServer();
    const ctx = contextOf(gateway);
    await recordAgents(ctx, { instance, agents: [], queueItems: [{}, {}], recordedAt: ago(9) });
    await recordAgents(ctx, { instance, agents: [], queueItems: [{}], recordedAt: ago(5) });
    await recordAgents(ctx, { instance, agents: [{ name: 'a', status: 'ONLINE' }] });

    expect(await queueOf({ server, first: 0 })).toMatchObject({ length: 1, items: [] });
  });

  test('is not known when nobody reported it for a day, or nobody at all', async () => {
    const { server, instance } = newServer();
    const old = { instance, agents: [], queueItems: [{}], recordedAt: ago(25 * hour) };
    await recordAgents(contextOf(gateway), old);

    expect(await queueOf({ server })).toBeNull();
    expect(await queueOf({ server: 'nowhere.example' })).toBeNull();
  });
});

test('the filters of agents ask for the server, labels, system and words', async () => {
  const { server, instance } = newServer();
  const agents = [
    { name: 'mac', status: 'ONLINE', os: 'macOS', labels: ['arm', 'fast'] },
    { name: 'win', status: 'BUILDING', os: 'WINDOWS', currentJob: 'Nightly', labels: ['fast'] },
    { name: 'none', status: 'OFFLINE' },
  ] as const;
  await recordAgents(contextOf(gateway), { instance, agents });

  const found = {
    instance: await namesOf(gateway, server, { instance }),
    all: await namesOf(gateway, server, { labels: ['fast', 'arm'] }),
    any: await namesOf(gateway, server, { labels: [] }),
    os: await namesOf(gateway, server, { os: ['macos', 'Windows'] }),
    text: await namesOf(gateway, server, { text: 'nIGHT' }),
    status: await namesOf(gateway, server, { status: ['OFFLINE', 'BUILDING'] }),
    none: await namesOf(gateway, server, { status: [] }),
  };

  expect(found).toEqual({
    instance: ['mac', 'none', 'win'],
    all: ['mac'],
    any: ['mac', 'none', 'win'],
    os: ['mac', 'win'],
    text: ['win'],
    status: ['none', 'win'],
    none: [],
  });
});

test('agents are recorded through the API, and what is wrong with one is said', async () => {
  const { server, instance } = newServer();
  const agents = [
    { name: 'good', status: 'ONLINE' },
    { name: '', status: 'ONLINE' },
  ];

  const { data } = await gateway.graphql(
    `mutation ($input: RecordAgentsInput!) { recordAgents(input: $input) { ... on RecordAgentsPayload {
      server accepted rejected { index name path reason } } } }`,
    { input: { instance, agents, queueItems: [{ jobName: 'ci' }] } },
  );

  expect(data).toEqual({
    recordAgents: {
      server,
      accepted: 1,
      rejected: [
        { index: 1, name: '', path: ['input', 'agents', '1', 'name'], reason: 'must not be empty' },
      ],
    },
  });
  expect(await queueOf({ server })).toMatchObject({ items: [{ jobName: 'ci' }] });
});
