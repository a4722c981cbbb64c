import { expect, test } from 'vitest';
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
