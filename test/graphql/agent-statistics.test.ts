import { beforeAll, describe, expect, test } from 'vitest';
import { recordAgents, type RecordAgentsInput } from '../../src/ingest/record-agents.ts';
import type { AgentStatistics } from '../generated/graphql.ts';
import { ago, hour, minute, newServer } from '../ingest/agent-reports.ts';
import { contextOf } from '../ingest/upload-entries.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { workOf } from './plan.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const statistics = `query ($server: String, $instance: String, $interval: AgentStatisticsInterval = HOUR,
    $from: DateTime, $to: DateTime, $timeZone: String = "UTC") {
  agentStatistics(server: $server, instance: $instance, interval: $interval, from: $from, to: $to, timeZone: $timeZone) {
    server buckets { startsAt endsAt sampleCount
      queueLength { average max } busy { average max } idle { average max } offline { average max } } } }`;

async function ask(variables: object): Promise<AgentStatistics[]> {
  const { data, errors } = await gateway.graphql<{ agentStatistics: AgentStatistics[] }>(
    statistics,
    variables,
  );
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.agentStatistics;
}

/** When each interval starts and ends. */
async function edgesOf(variables: object): Promise<string[]> {
  const [series] = await ask(variables);
  return series?.buckets.map(({ startsAt, endsAt }) => `${startsAt} ${endsAt}`) ?? [];
}

/** Sends reports with a queue so long, at these times. */
async function report(instance: string, queues: Readonly<Record<string, number | null>>) {
  for (const [at, length] of Object.entries(queues)) {
    const queueItems = length === null ? null : Array.from({ length }, () => ({}));
    const input: RecordAgentsInput = { instance, agents: [], queueItems, recordedAt: new Date(at) };
    await recordAgents(contextOf(gateway), input);
  }
}

describe('statistics of agents', () => {
  test('give the average and the largest of each interval, and null where nothing was reported', async () => {
    const { server, instance } = newServer();
    await report(instance, {
      '2026-03-01T10:05:00Z': 1,
      '2026-03-01T10:59:59.999Z': 4,
      '2026-03-01T12:00:00Z': 0,
      '2026-03-01T12:10:00Z': null,
      '2026-03-01T13:00:00Z': 9,
    });

    const answer = await ask({ server, from: '2026-03-01T10:00:00Z', to: '2026-03-01T13:00:00Z' });

    const none = { average: 0, max: 0 };
    const agents = { busy: none, idle: none, offline: none };
    const gap = { queueLength: null, busy: null, idle: null, offline: null };
    const at = (time: string) => `2026-03-01T${time}:00.000Z`;
    expect(answer).toEqual([
      {
        server,
        buckets: [
          {
            startsAt: at('10:00'),
            endsAt: at('11:00'),
            sampleCount: 2,
            queueLength: { average: 2.5, max: 4 },
            ...agents,
          },
          { startsAt: at('11:00'), endsAt: at('12:00'), sampleCount: 0, ...gap },
          {
            startsAt: at('12:00'),
            endsAt: at('13:00'),
            sampleCount: 2,
            queueLength: none,
            ...agents,
          },
        ],
      },
    ]);
  });

  test('count agents by what they were doing', async () => {
    const { server, instance } = newServer();
    const ctx = contextOf(gateway);
    const first = [
      { name: 'a', status: 'BUILDING' },
      { name: 'b', status: 'ONLINE' },
      { name: 'c', status: 'OFFLINE' },
    ] as const;
    await recordAgents(ctx, { instance, agents: first, recordedAt: ago(2 * minute) });
    await recordAgents(ctx, { instance, agents: [{ name: 'b', status: 'BUILDING' }] });

    const [series] = await ask({
      instance,
      interval: 'DAY',
      from: ago(3 * minute),
      timeZone: 'UTC',
    });

    expect(series).toMatchObject({ server });
    expect(series?.buckets.at(-1)).toMatchObject({
      queueLength: null,
      busy: { average: 1.5, max: 2 },
      idle: { average: 0.5, max: 1 },
      offline: { average: 1, max: 1 },
    });
  });

  test('are by server when none is named', async () => {
    const other = await gateway.createOrganization();
    const beside = { ...gateway, ...other };
    const ctx = contextOf(beside);
    for (const instance of ['https://b.example', 'https://a.example'])
      await recordAgents(ctx, { instance, agents: [], queueItems: [] });

    const { data } = await gateway.graphql<{ agentStatistics: AgentStatistics[] }>(
      '{ agentStatistics { server buckets { sampleCount } } }',
      {},
      other.key,
    );

    const found = data?.agentStatistics.map(({ server, buckets }) => [
      server,
      buckets.length,
      buckets.at(-1)?.sampleCount,
    ]);
    expect(found).toEqual([
      ['a.example', 101, 1],
      ['b.example', 101, 1],
    ]);
  });

  test('are all gaps for a server that nobody reported, or another organization did', async () => {
    const other = await gateway.createOrganization();
    const { server, instance } = newServer();
    await recordAgents(contextOf({ ...gateway, ...other }), { instance, agents: [] });

    const [series] = await ask({ server, from: ago(minute) });

    expect(series?.buckets.map(({ sampleCount }) => sampleCount)).toContain(0);
    expect(series?.buckets.map(({ sampleCount }) => sampleCount)).not.toContain(1);
  });

  test('begin and end with whole intervals', async () => {
    const quarter = { server: 'x', interval: 'FIFTEEN_MINUTES' };

    expect(
      await edgesOf({ ...quarter, from: '2026-03-01T10:07:00Z', to: '2026-03-01T10:15:01Z' }),
    ).toEqual([
      '2026-03-01T10:00:00.000Z 2026-03-01T10:15:00.000Z',
      '2026-03-01T10:15:00.000Z 2026-03-01T10:30:00.000Z',
    ]);
  });

  test('have days of 23 hours where clocks go forward, and weeks from Monday', async () => {
    const berlin = { server: 'x', timeZone: 'Europe/Berlin' };
    const spring = { ...berlin, from: '2026-03-28T23:30:00Z', to: '2026-03-30T00:00:00Z' };

    expect(await edgesOf({ ...spring, interval: 'DAY' })).toEqual([
      '2026-03-28T23:00:00.000Z 2026-03-29T22:00:00.000Z',
      '2026-03-29T22:00:00.000Z 2026-03-30T22:00:00.000Z',
    ]);
    expect(await edgesOf({ ...spring, interval: 'WEEK' })).toEqual([
      '2026-03-22T23:00:00.000Z 2026-03-29T22:00:00.000Z',
      '2026-03-29T22:00:00.000Z 2026-04-05T22:00:00.000Z',
    ]);
  });

  test('have each hour once where clocks go back, and hours of zones with half ones', async () => {
    const autumn = { from: '2026-10-25T00:30:00Z', to: '2026-10-25T02:00:00Z', server: 'x' };

    expect(await edgesOf({ ...autumn, timeZone: 'Europe/Berlin' })).toEqual([
      '2026-10-25T00:00:00.000Z 2026-10-25T01:00:00.000Z',
      '2026-10-25T01:00:00.000Z 2026-10-25T02:00:00.000Z',
    ]);
    expect(await edgesOf({ ...autumn, timeZone: 'Asia/Kolkata' })).toEqual([
      '2026-10-25T00:30:00.000Z 2026-10-25T01:30:00.000Z',
      '2026-10-25T01:30:00.000Z 2026-10-25T02:30:00.000Z',
    ]);
  });

  test('are refused for too many intervals, a time that ends before it begins, and no time zone', async () => {
    const questions = [
      { interval: 'MINUTE', from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' },
      { from: '2026-03-01T00:00:00Z', to: '2026-03-01T00:00:00Z' },
      { from: '1969-03-01T00:00:00Z' },
      { timeZone: 'Mars/Olympus' },
    ];

    const answers = await Promise.all(
      questions.map((question) => gateway.graphql(statistics, question)),
    );

    const said = answers.map(({ errors }) => [
      errors?.[0]?.extensions?.['code'],
      errors?.[0]?.message,
    ]);
    expect(said).toEqual([
      ['BAD_USER_INPUT', expect.stringContaining('1440 intervals, more than 1000')],
      ['BAD_USER_INPUT', expect.stringContaining('must be before `to`')],
      ['BAD_USER_INPUT', expect.stringContaining('must not be before 1970')],
      ['BAD_USER_INPUT', expect.stringContaining('is not a time zone')],
    ]);
  });

  test('take one statement, which reads what lies in the time', async () => {
    const { organizationId, db } = gateway;
    await db.pool.query(
      `INSERT INTO agent_snapshots (organization_id, id, instance, server, recorded_at, agents, queue_items,
         queue_length, busy_count, idle_count, offline_count)
       SELECT $1, gen_random_uuid(), 'x', 'many' || i % 5, now() - i * interval '1 minute', '[]', '[]', 1, 1, 1, 1
       FROM generate_series(1, 40000) i`,
      [organizationId],
    );
    await db.pool.query('ANALYZE agent_snapshots');
    const before = gateway.sentStatements().length;

    const [series] = await ask({ server: 'many0', from: ago(10 * hour), to: ago(0) });
    const statements = gateway.sentStatements().slice(before);

    const counted = series?.buckets.reduce((sum, { sampleCount }) => sum + sampleCount, 0) ?? 0;
    const asked = statements.filter(({ text }) => text.includes('agent_snapshots'));
    expect(asked).toHaveLength(1);
    for (const mode of ['force_custom_plan', 'force_generic_plan'] as const) {
      const work = await workOf(db.url, asked[0] ?? { text: '', values: [] }, mode);
      expect(work.scanned, work.text).toEqual([]);
      expect(work.rowsRead, work.text).toBeLessThanOrEqual(counted);
    }
  });
});
