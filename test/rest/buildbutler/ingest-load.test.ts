import { request } from 'node:http';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createJsonReader } from '../../../src/rest/read-json.ts';
import { spooledFiles } from '../../support/spooled-files.ts';
import { startGateway } from '../../support/start-gateway.ts';
import { aBuild, aCase, aSuite, shimClient } from './shim-client.ts';

test('300 suites sent back to back with one key are all stored', async () => {
  const gateway = await startGateway();
  const report = shimClient(gateway);
  const build = aBuild();
  await report('builds', build);

  const statuses = new Set<number>();
  for (let suite = 0; suite < 300; suite += 1) {
    statuses.add((await report('tests', aSuite(build.id, { name: `suite ${suite}` }))).status);
  }

  expect([...statuses]).toEqual([201]);
  expect(await gateway.db.prisma.testResult.count({ where: { buildId: build.id } })).toBe(300);
}, 60_000);

test('50 clients at once lose nothing and wait for nobody forever', async () => {
  const gateway = await startGateway();
  const report = shimClient(gateway);
  const testCases = Array.from({ length: 20 }, (_, index) => aCase({ testName: `t${index}` }));
  const play = async (client: number) => {
    const build = aBuild({ externalRunId: '77', buildNumber: client });
    const stages = [{ stageName: 's', stageOrder: 0, status: 'success', duration: 1 }];
    const calls = [
      [
        'agents',
        {
          jenkinsInstanceId: 'https://github.com',
          agents: [{ name: `a${client % 5}`, status: 'ONLINE' }],
        },
      ],
      ['tests', aSuite(build.id, { name: 'early', testCases })], // before its build
      ['builds', build],
      ['stages', { buildId: build.id, stages }],
      ['tests', aSuite(build.id, { name: 'one', testCases })],
      ['tests', aSuite(build.id, { name: 'two', testCases: testCases.toReversed() })],
    ] as const;
    const statuses = [];
    for (const [resource, body] of calls) statuses.push((await report(resource, body)).status);
    return statuses;
  };

  const answers = await Promise.all(Array.from({ length: 50 }, (_, client) => play(client)));

  expect(new Set(answers.map((statuses) => statuses.join(' ')))).toEqual(
    new Set(['201 202 201 201 201 201']),
  );
  const { build, stage, testResult, agent, heldMessage } = gateway.db.prisma;
  expect(await build.count()).toBe(50);
  expect(await stage.count()).toBe(50);
  expect(await testResult.count()).toBe(50 * 3 * 20);
  expect(await agent.count()).toBe(5);
  expect(await heldMessage.count()).toBe(0);
}, 60_000);

test('one suite sent by 50 clients at once is stored once', async () => {
  const gateway = await startGateway();
  const report = shimClient(gateway);
  const build = aBuild();

  await Promise.all(
    Array.from({ length: 50 }, async () => {
      await report('tests', aSuite(build.id));
      await report('builds', build);
    }),
  );

  expect(await gateway.db.prisma.testResult.count({ where: { buildId: build.id } })).toBe(1);
  expect(await gateway.db.prisma.heldMessage.count()).toBe(0);
}, 60_000);

const mebibyte = 1024 * 1024;

test('of many large bodies a few are in memory at once, and none stays on disk', async () => {
  const gateway = await startGateway();
  const readJson = createJsonReader(gateway.uploads.spool);
  let now = 0;
  let most = 0;
  const app = new Hono().post('/', (c) =>
    readJson(c, async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now -= 1;
      return c.text('read');
    }),
  );
  const body = JSON.stringify('x'.repeat(2 * mebibyte));

  const answers = await Promise.all(
    Array.from({ length: 8 }, () => app.request('/', { method: 'POST', body })),
  );

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(most).toBe(2);
  expect(await spooledFiles(gateway)).toEqual([]);
});

test('senders of large bodies that never end keep nobody waiting', async () => {
  const gateway = await startGateway();
  const report = shimClient(gateway);
  const build = aBuild();
  await report('builds', build);
  const senders = Array.from({ length: 5 }, () => {
    const headers = { 'x-api-key': gateway.key, 'content-length': 4 * mebibyte };
    const sending = request(new URL('/ingest/tests', gateway.url), { method: 'POST', headers });
    sending.on('error', () => undefined); // we hang up ourselves
    sending.write('['.padEnd(3 * mebibyte));
    return sending;
  });
  await expect.poll(async () => (await spooledFiles(gateway)).length).toBe(5);
  const testCases = [aCase({ stackTrace: 'x'.repeat(900_000), errorMessage: 'x'.repeat(900_000) })];

  const { status } = await report('tests', aSuite(build.id, { testCases }));
  for (const sending of senders) sending.destroy();

  expect(status).toBe(201);
  await expect.poll(() => spooledFiles(gateway)).toEqual([]);
});
