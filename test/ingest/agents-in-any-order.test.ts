import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { AgentStatus } from '../../src/db/generated/prisma/enums.ts';
import { recordAgents } from '../../src/ingest/record-agents.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { agentsOf, minute, newServer, snapshotsOf } from './agent-reports.ts';
import { contextOf } from './upload-entries.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

/** What never changes of an agent; a report may leave it out. */
const facts = { os: 'Linux', arch: 'X64', executors: 2 } as const;

const agent = fc.record(
  {
    name: fc.constantFrom('one', 'two', 'three'),
    status: fc.constantFrom(...Object.values(AgentStatus)),
    statusRaw: fc.string({ minLength: 1, maxLength: 3 }),
    os: fc.constant(facts.os),
    arch: fc.constant(facts.arch),
    executors: fc.constant(facts.executors),
  },
  { requiredKeys: ['name', 'status'] },
);

const reports = fc.array(
  fc.record({
    agents: fc.uniqueArray(agent, { maxLength: 3, selector: ({ name }) => name }),
    queueItems: fc.array(fc.constant({}), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 6 },
);

/** The reports a minute apart, and an order to send them in, in which some come twice. */
const sendings = reports.chain((said) => {
  const places = said.map((_report, index) => index);
  return fc.record({
    said: fc.constant(said),
    order: fc
      .tuple(fc.shuffledSubarray(places), fc.shuffledSubarray(places, { minLength: said.length }))
      .map(([some, all]) => [...some, ...all]),
  });
});

test('agents are what the latest report says, in whatever order and however often reports come', async () => {
  const start = Date.now() - 60 * minute;

  await fc.assert(
    fc.asyncProperty(sendings, async ({ said, order }) => {
      const inOrder = newServer();
      const shuffled = newServer();
      const ctx = contextOf(gateway);
      const sent = said.map((report, index) => ({
        ...report,
        recordedAt: new Date(start + index * minute),
      }));

      for (const report of sent) await recordAgents(ctx, { ...inOrder, ...report });
      for (const place of order) {
        const report = sent[place] ?? { agents: [] };
        await recordAgents(ctx, { ...shuffled, ...report });
      }

      const expected = await agentsOf(gateway, inOrder.server);
      expect(await agentsOf(gateway, shuffled.server)).toEqual(
        expected.map((each) => ({ ...each, instance: shuffled.instance })),
      );
      expect(await snapshotsOf(gateway, shuffled.server)).toHaveLength(said.length);
    }),
    { numRuns: 40 },
  );
});
