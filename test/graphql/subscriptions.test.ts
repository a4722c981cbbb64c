import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test, vi } from 'vitest';
import {
  createKey,
  createMutation,
  type NewKey,
  revokeMutation,
} from '../identity/key-operations.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { hear, record, startRepository, subscribe } from './hear-builds.ts';
import { ingestMutations } from './operations.ts';

let gateway: TestGateway;
let beside: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
  beside = await startGateway({ beside: gateway });
});

const patience = { timeout: 10_000, interval: 20 };

test('a build recorded through one gateway is heard at that one and at another', async () => {
  const { key, id } = await startRepository(gateway);
  const here = await hear(gateway, id, key);
  const there = await hear(beside, id, key);

  await record(gateway, key, { number: 2 });
  await record(beside, key, { number: 3 });

  for (const { builds } of [here, there]) {
    await vi.waitFor(() => {
      expect(builds.map(({ number }) => number)).toEqual([2, 3]);
    }, patience);
  }
});

test('a build is heard again when its stages change, with the stages', async () => {
  const { key, id } = await startRepository(gateway);
  const { builds } = await hear(beside, id, key);
  const { data } = await gateway.graphql<{ builds: { nodes: { id: string }[] } }>(
    '{ builds { nodes { id } } }',
    {},
    key,
  );
  const input = {
    buildId: data?.builds.nodes[0]?.id,
    stages: [{ order: 0, name: 'compile', status: 'SUCCESS' }],
  };

  await gateway.graphql(ingestMutations.recordStages, { input }, key);

  await vi.waitFor(() => {
    expect(builds).toEqual([
      { number: 1, status: 'SUCCESS', stages: { nodes: [{ name: 'compile' }] } },
    ]);
  }, patience);
});

test('builds of another repository and of another organization are not heard', async () => {
  const own = await startRepository(gateway);
  const other = await startRepository(gateway);
  const { builds } = await hear(beside, own.id, own.key);

  await record(gateway, own.key, { number: 10, name: 'gadgets' });
  await record(gateway, other.key, { number: 11 });
  await record(gateway, own.key, { number: 12 }); // NOTIFY keeps the order: what came before is heard before

  await vi.waitFor(() => {
    expect(builds).not.toEqual([]);
  }, patience);
  expect(builds.map(({ number }) => number)).toEqual([12]);
});

test("another organization's repository and one that is not there are answered with the same bytes", async () => {
  const own = await startRepository(gateway);
  const foreign = await startRepository(gateway);
  const databaseId = Buffer.from(foreign.id, 'base64').toString().replace('Repository:', '');
  const unknown = randomUUID();
  const ids = [
    foreign.id,
    databaseId,
    unknown,
    Buffer.from(`Repository:${unknown}`).toString('base64'),
  ];

  const answers = await Promise.all(ids.map((id) => subscribe(gateway, id, own)));
  const bodies = await Promise.all(answers.map((answer) => answer.text()));

  expect(bodies[0]).toContain('NOT_FOUND');
  expect(new Set(bodies).size).toBe(1);
  expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
});

test('a key that is revoked through another gateway hears no more, and its stream is completed', async () => {
  const { key, id } = await startRepository(gateway);
  const reader = await createKey(gateway, key, 'READ');
  const { builds, end } = await hear(beside, id, reader.secret);
  await record(gateway, key, { number: 2 });
  await vi.waitFor(() => {
    expect(builds).toHaveLength(1);
  }, patience);

  await gateway.graphql(revokeMutation, { input: { id: reader.apiKey.id } }, key);
  await record(gateway, key, { number: 3 });

  expect(await end).toBe('complete');
  expect(builds).toHaveLength(1);
});

test('a key that expires hears no more, and its stream is completed', async () => {
  const { key, id } = await startRepository(gateway);
  const expiresAt = new Date(Date.now() + 6_000).toISOString();
  const input = { name: 'short', capabilities: ['READ'], expiresAt };
  const { data } = await gateway.graphql<{ createApiKey: NewKey }>(createMutation, { input }, key);
  const { builds, end } = await hear(gateway, id, data?.createApiKey.secret);

  await sleep(Date.parse(expiresAt) - Date.now() + 1);
  await record(gateway, key, { number: 2 });

  expect(await end).toBe('complete');
  expect(builds).toEqual([]);
});

test('a key without READ cannot begin', async () => {
  const { key, id } = await startRepository(gateway);
  const { secret } = await createKey(gateway, key, 'INGEST');

  const answer = await subscribe(gateway, id, { key: secret });

  expect(await answer.text()).toContain('This needs a key with the READ capability.');
});

test('clients that leave are forgotten', async () => {
  const alone = await startGateway();
  const { key, id } = await startRepository(alone);
  const hearings = await Promise.all(Array.from({ length: 20 }, () => hear(alone, id, key)));
  expect(alone.openSubscriptions()).toBe(20);

  for (const { leave } of hearings) leave();

  await vi.waitFor(() => {
    expect(alone.openSubscriptions()).toBe(0);
  }, patience);
});

test('a gateway that stops ends its streams, and those of others go on', async () => {
  const stopping = await startGateway({ beside: gateway });
  const { key, id } = await startRepository(gateway);
  const ending = await hear(stopping, id, key);
  const lasting = await hear(beside, id, key);

  await stopping.close();

  expect(['complete', 'broken']).toContain(await ending.end);
  expect(stopping.openSubscriptions()).toBe(0);
  await record(gateway, key, { number: 2 });
  await vi.waitFor(() => {
    expect(lasting.builds).toHaveLength(1);
  }, patience);
});

test('a stream outlives the loss of the connection that listens', async () => {
  const alone = await startGateway();
  const { key, id } = await startRepository(alone);
  const { builds } = await hear(alone, id, key);
  const listening = `FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`;
  const { rows: lost } = await alone.db.pool.query<{ pid: number }>(
    `SELECT pid, pg_terminate_backend(pid) ${listening}`,
  );
  expect(lost).toHaveLength(1);

  await vi.waitFor(async () => {
    const { rows } = await alone.db.pool.query<{ pid: number }>(`SELECT pid ${listening}`);
    expect(rows.filter(({ pid }) => pid !== lost[0]?.pid)).toHaveLength(1);
  }, patience);
  await record(alone, key, { number: 2 });

  await vi.waitFor(() => {
    expect(builds.map(({ number }) => number)).toEqual([2]);
  }, patience);
});
