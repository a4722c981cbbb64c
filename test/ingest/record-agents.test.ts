import { beforeAll, describe, expect, test } from 'vitest';
import { ForbiddenError, ValidationError } from '../../src/errors.ts';
import { recordAgents } from '../../src/ingest/record-agents.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { agentsOf, ago, hour, minute, namesOf, newServer, snapshotsOf } from './agent-reports.ts';
import { contextOf } from './upload-entries.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const runner = {
  name: 'GitHub Actions 7',
  status: 'BUILDING',
  statusRaw: 'Building',
  currentJob: 'CI',
  labels: ['self-hosted', 'linux'],
  os: 'Linux',
  arch: 'X64',
  executors: 1,
} as const;
const bare = { name: 'GitHub Actions 7', status: 'ONLINE' } as const;

describe('the agents of a CI server', () => {
  test('are known as they were reported', async () => {
    const { server, instance } = newServer();

    const answer = await recordAgents(contextOf(gateway), { instance, agents: [runner] });

    expect(answer).toMatchObject({ accepted: 1, rejected: [], server });
    expect(await agentsOf(gateway, server)).toEqual([
      { ...runner, instance, reportedStatus: 'BUILDING' },
    ]);
  });

  test('are the same however a client calls the server', async () => {
    const ctx = contextOf(gateway);

    for (const instance of [
      'acme/widgets',
      'https://github.com/acme/widgets',
      'https://GitHub.com',
    ])
      await recordAgents(ctx, { instance, agents: [bare] });

    expect(await agentsOf(gateway, 'github.com')).toMatchObject([
      { instance: 'https://GitHub.com' },
    ]);
  });

  test('are apart when two servers have agents of one name', async () => {
    const ctx = contextOf(gateway);

    await recordAgents(ctx, { instance: 'Jenkins One', agents: [bare] });
    await recordAgents(ctx, { instance: 'Jenkins Two', agents: [{ ...bare, status: 'OFFLINE' }] });

    expect(await agentsOf(gateway, 'jenkins one')).toMatchObject([{ status: 'ONLINE' }]);
    expect(await agentsOf(gateway, 'jenkins two')).toMatchObject([{ status: 'OFFLINE' }]);
  });

  test('stay as they are known when a report does not name them', async () => {
    const { server, instance } = newServer();
    const ctx = contextOf(gateway);
    await recordAgents(ctx, { instance, agents: [runner, { name: 'other', status: 'BUILDING' }] });

    await recordAgents(ctx, { instance, agents: [bare] });
    await recordAgents(ctx, { instance, agents: [] });

    expect(await agentsOf(gateway, server)).toMatchObject([
      { name: 'GitHub Actions 7', status: 'ONLINE' },
      { name: 'other', status: 'BUILDING' },
    ]);
  });

  test('keep what a later report leaves out, but for the job', async () => {
    const { server, instance } = newServer();
    const ctx = contextOf(gateway);
    await recordAgents(ctx, { instance, agents: [runner], recordedAt: ago(2 * minute) });

    await recordAgents(ctx, { instance, agents: [bare], recordedAt: ago(minute) });

    const { statusRaw: _said, currentJob: _ran, ...kept } = runner;
    expect(await agentsOf(gateway, server)).toEqual([
      {
        ...kept,
        ...bare,
        instance,
        reportedStatus: 'ONLINE',
        statusRaw: 'ONLINE',
        currentJob: null,
      },
    ]);
  });

  test('keep their job while reports without one say that they build', async () => {
    const { server, instance } = newServer();
    const ctx = contextOf(gateway);
    await recordAgents(ctx, { instance, agents: [runner], recordedAt: ago(hour) });

    await recordAgents(ctx, { instance, agents: [{ ...bare, status: 'BUILDING' }] });

    expect(await agentsOf(gateway, server)).toMatchObject([{ currentJob: 'CI' }]);
  });

  test('take from a report older than what is known only what is missing', async () => {
    const { server, instance } = newServer();
    const ctx = contextOf(gateway);
    await recordAgents(ctx, {
      instance,
      agents: [{ ...bare, os: 'macOS' }],
      recordedAt: ago(minute),
    });

    await recordAgents(ctx, { instance, agents: [runner], recordedAt: ago(hour) });

    expect(await agentsOf(gateway, server)).toMatchObject([
      { status: 'ONLINE', statusRaw: 'ONLINE', currentJob: null, os: 'macOS', arch: 'X64' },
    ]);
  });

  test('can be reported again after a clock that ran ahead', async () => {
    const { server, instance } = newServer();
    const ctx = contextOf(gateway);
    await recordAgents(ctx, { instance, agents: [runner], recordedAt: ago(-5 * hour) });

    await recordAgents(ctx, { instance, agents: [bare] });

    expect(await agentsOf(gateway, server)).toMatchObject([{ status: 'ONLINE' }]);
  });
});

describe('a report of agents', () => {
  test('stays in the history with how its server stood then', async () => {
    const { server, instance } = newServer();
    const ctx = contextOf(gateway);
    const agents = [
      { name: 'busy', status: 'BUILDING' },
      { name: 'idle', status: 'ONLINE' },
      { name: 'off', status: 'OFFLINE' },
      { name: 'strange', status: 'UNKNOWN' },
    ] as const;
    await recordAgents(ctx, { instance, agents, queueItems: [], recordedAt: ago(minute) });

    await recordAgents(ctx, { instance, agents: [{ name: 'idle', status: 'BUILDING' }] });

    expect(await snapshotsOf(gateway, server)).toEqual([
      { agents, queue_items: [], queue_length: 0, busy_count: 1, idle_count: 1, offline_count: 1 },
      {
        agents: [{ name: 'idle', status: 'BUILDING' }],
        queue_items: null,
        queue_length: null,
        busy_count: 2,
        idle_count: 0,
        offline_count: 1,
      },
    ]);
  });

  test('is stored once when it is sent twice for one moment', async () => {
    const { server, instance } = newServer();
    const ctx = contextOf(gateway);
    const report = {
      instance,
      agents: [runner],
      queueItems: [{ why: 'busy' }],
      recordedAt: ago(0),
    };

    const first = await recordAgents(ctx, report);
    const second = await recordAgents(ctx, report);

    expect(second).toEqual(first);
    expect(await snapshotsOf(gateway, server)).toHaveLength(1);
    expect(await agentsOf(gateway, server)).toHaveLength(1);
  });

  test('keeps queue items of any shape as they are, but for what Postgres cannot hold', async () => {
    const { server, instance } = newServer();
    const queueItems = [{ jobName: 'a\0b', deep: [{ x: null }] }, 'text', 7, null, []];

    await recordAgents(contextOf(gateway), { instance, agents: [], queueItems });

    expect(await snapshotsOf(gateway, server)).toMatchObject([
      {
        queue_items: [{ jobName: 'a\uFFFDb', deep: [{ x: null }] }, 'text', 7, null, []],
        queue_length: 5,
      },
    ]);
  });

  test('that nests without end is stored', async () => {
    const { server, instance } = newServer();
    const bottomless = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;

    await recordAgents(contextOf(gateway), { instance, agents: [], queueItems: [bottomless] });

    expect(await snapshotsOf(gateway, server)).toMatchObject([{ queue_length: 1 }]);
  });

  test('stores its good agents when others break a rule', async () => {
    const { server, instance } = newServer();
    const agents = [
      bare,
      { name: '', status: 'ONLINE' },
      { name: 'x'.repeat(513), status: 'ONLINE' },
      { name: 'executors', status: 'ONLINE', executors: -1 },
      bare,
    ] as const;

    const { accepted, rejected } = await recordAgents(contextOf(gateway), { instance, agents });

    expect(accepted).toBe(1);
    expect(rejected.map(({ index, path, reason }) => [index, path.slice(1), reason])).toEqual([
      [1, ['agents', '1', 'name'], 'must not be empty'],
      [2, ['agents', '2', 'name'], 'must be at most 512 characters'],
      [3, ['agents', '3', 'executors'], 'must not be negative'],
      [4, ['agents', '4', 'name'], 'is that of an earlier agent'],
    ]);
    expect(await namesOf(gateway, server)).toEqual([bare.name]);
  });

  test('may have the longest names there are', async () => {
    const instance = '\u{1F980}'.repeat(1024);
    const name = '\uFFFD'.repeat(512);

    const { server, accepted } = await recordAgents(contextOf(gateway), {
      instance,
      agents: [{ name, status: 'ONLINE' }],
    });

    expect(accepted).toBe(1);
    expect(await namesOf(gateway, server)).toEqual([name]);
  });

  test('is refused when it is more than can be taken, or from the future', async () => {
    const agents = Array.from({ length: 10_001 }, (_none, index) => ({
      ...bare,
      name: `${index}`,
    }));
    const ctx = contextOf(gateway);

    const answers = [
      recordAgents(ctx, { instance: 'x', agents }),
      recordAgents(ctx, { instance: 'x', agents: [], queueItems: agents }),
      recordAgents(ctx, { instance: '', agents: [] }),
      recordAgents(ctx, { instance: 'x', agents: [], recordedAt: ago(-25 * hour) }),
    ];

    for (const answer of answers) await expect(answer).rejects.toThrow(ValidationError);
  });

  test('needs the INGEST capability', async () => {
    const answer = recordAgents(contextOf(gateway, ['READ']), { instance: 'x', agents: [] });

    await expect(answer).rejects.toThrow(ForbiddenError);
  });
});

test('reports of the same agents at once are all stored', async () => {
  const { server, instance } = newServer();
  const names = Array.from({ length: 40 }, (_none, index) => `agent ${index}`);
  const reports = Array.from({ length: 12 }, (_none, index) => ({
    instance,
    agents: (index % 2 === 0 ? names : names.toReversed()).map((name) => ({ ...bare, name })),
    recordedAt: ago(index),
  }));

  await Promise.all(reports.map((report) => recordAgents(contextOf(gateway), report)));

  expect(await snapshotsOf(gateway, server)).toHaveLength(12);
  expect(await namesOf(gateway, server)).toEqual([...names].sort());
});
