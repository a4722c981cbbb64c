import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { sql, query } from '../../src/db/sql.ts';
import { agentStatusAt, agentStatusSql } from '../../src/domain/agent-ageing.ts';
import { expireAgents } from '../../src/ingest/expire-agents.ts';
import { recordAgents } from '../../src/ingest/record-agents.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import {
  agentsOf,
  ago,
  hour,
  minute,
  namesOf,
  newServer,
  snapshotsOf,
  statusesOf,
} from './agent-reports.ts';
import { contextOf } from './upload-entries.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const all = ['ONLINE', 'OFFLINE', 'BUILDING', 'UNKNOWN'] as const;

/** One agent in each state, all last heard of so long ago. */
async function reportedAgo(ms: number): Promise<{ server: string; instance: string }> {
  const named = newServer();
  const agents = all.map((status) => ({ name: status, status }));
  await recordAgents(contextOf(gateway), { ...named, agents, recordedAt: ago(ms) });
  return named;
}

describe('an agent that was heard of', () => {
  test('less than 6 hours ago is what it was reported to be', async () => {
    const { server } = await reportedAgo(6 * hour - minute);

    expect(await statusesOf(gateway, server)).toEqual({
      ONLINE: 'ONLINE',
      OFFLINE: 'OFFLINE',
      BUILDING: 'BUILDING',
      UNKNOWN: 'UNKNOWN',
    });
  });

  test('more than 6 hours ago builds no more', async () => {
    const { server } = await reportedAgo(6 * hour + minute);

    expect(await statusesOf(gateway, server)).toEqual({
      ONLINE: 'ONLINE',
      OFFLINE: 'OFFLINE',
      BUILDING: 'UNKNOWN',
      UNKNOWN: 'UNKNOWN',
    });
  });

  test('more than 24 hours ago is offline, and shows what it was reported to be', async () => {
    const { server } = await reportedAgo(24 * hour + minute);

    const agents = await agentsOf(gateway, server);

    expect(agents.map(({ status, reportedStatus }) => [status, reportedStatus])).toEqual([
      ['OFFLINE', 'BUILDING'],
      ['OFFLINE', 'OFFLINE'],
      ['OFFLINE', 'ONLINE'],
      ['OFFLINE', 'UNKNOWN'],
    ]);
  });

  test('is found by the status that is shown', async () => {
    const { server } = await reportedAgo(6 * hour + minute);

    expect(await namesOf(gateway, server, { status: ['BUILDING'] })).toEqual([]);
    expect(await namesOf(gateway, server, { status: ['UNKNOWN'] })).toEqual([
      'BUILDING',
      'UNKNOWN',
    ]);
  });

  test('is counted in the history as it is known at that time, while it is heard of', async () => {
    const { server, instance } = await reportedAgo(26 * hour);
    const report = { instance, agents: [] };

    await recordAgents(contextOf(gateway), { ...report, recordedAt: ago(19 * hour) });
    await recordAgents(contextOf(gateway), report);

    const snapshots = await snapshotsOf(gateway, server);
    const counts = snapshots.map((each) => [each.busy_count, each.idle_count, each.offline_count]);
    expect(counts).toEqual([
      [1, 1, 1],
      [0, 1, 1],
      [0, 0, 0],
    ]);
  });

  test('is back when it is reported again', async () => {
    const { server, instance } = await reportedAgo(30 * hour);

    await recordAgents(contextOf(gateway), {
      instance,
      agents: [{ name: 'BUILDING', status: 'ONLINE' }],
    });

    expect(await statusesOf(gateway, server)).toMatchObject({
      BUILDING: 'ONLINE',
      ONLINE: 'OFFLINE',
    });
  });

  test('starts another job when it builds again after its time', async () => {
    const { server, instance } = newServer();
    const agents = [{ name: 'runner', status: 'BUILDING' }] as const;
    await recordAgents(contextOf(gateway), {
      instance,
      agents: [{ ...agents[0], currentJob: 'yesterday' }],
      recordedAt: ago(20 * hour),
    });

    await recordAgents(contextOf(gateway), { instance, agents });

    expect(await agentsOf(gateway, server)).toMatchObject([{ currentJob: null }]);
  });

  test('more than 90 days ago is forgotten, with the reports of that time', async () => {
    const { server, instance } = await reportedAgo(91 * 24 * hour);
    await recordAgents(contextOf(gateway), {
      instance,
      agents: [{ name: 'ONLINE', status: 'ONLINE' }],
      recordedAt: ago(89 * 24 * hour),
    });

    await expireAgents(contextOf(gateway));

    expect(await namesOf(gateway, server)).toEqual(['ONLINE']);
    expect(await snapshotsOf(gateway, server)).toHaveLength(1);
  });
});

test('what a list shows and what it is filtered by are one rule', async () => {
  const at = new Date('2026-03-04T05:06:07.890Z');
  const agent = fc.record({
    status: fc.constantFrom(...all),
    lastSeenAt: fc
      .oneof(
        fc.integer({ min: -hour, max: 30 * hour }),
        fc.constantFrom(6 * hour - 1, 6 * hour, 6 * hour + 1, 24 * hour, 24 * hour + 1),
      )
      .map((ms) => new Date(at.getTime() - ms)),
  });

  await fc.assert(
    fc.asyncProperty(fc.array(agent, { minLength: 1, maxLength: 50 }), async (agents) => {
      const statuses = agents.map(({ status }) => status);
      const seen = agents.map(({ lastSeenAt }) => lastSeenAt);
      const rows = await query<{ status: string }>(
        gateway.db.pool,
        sql`SELECT ${agentStatusSql(sql`${at}::timestamptz`)} AS status
          FROM unnest(${statuses}::agent_status[], ${seen}::timestamptz[]) WITH ORDINALITY
            AS t (status, last_seen_at, place) ORDER BY place`,
      );

      expect(rows.map(({ status }) => status)).toEqual(
        agents.map((each) => agentStatusAt(each, at)),
      );
    }),
    { numRuns: 50 },
  );
});
