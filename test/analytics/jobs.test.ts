import { expect, test } from 'vitest';
import { aBuild, ingestClient } from '../ingest/ingest-client.ts';
import { startGateway } from '../support/start-gateway.ts';
import { type buildStatistics, statisticsSelection } from './statistics-client.ts';

const june = { from: '2026-06-01T00:00:00Z', to: '2026-06-03T00:00:00Z' };

test('jobs are told by name, each with its own statistics, in two statements', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  const startedAt = '2026-06-01T10:00:00Z';
  await ingest.build(aBuild({ jobName: 'b', startedAt }));
  await ingest.build(aBuild({ jobName: 'b', startedAt, status: 'FAILURE' }));
  await ingest.build(aBuild({ jobName: 'a', startedAt }));
  await ingest.build(aBuild({ jobName: 'loose', startedAt, repository: null }));
  await gateway.settleAnalytics();
  const ask = (first: number, after: string | null = null) =>
    gateway.graphql<{ jobs: Jobs; repository: { jobs: Jobs } }>(
      `query ($first: Int, $after: String, $window: StatisticsWindow) {
        jobs(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
          nodes { name repository { name } statistics(window: $window) ${statisticsSelection} } }
        repository(owner: "acme", name: "widgets") { jobs { totalCount nodes { name } } } }`,
      { first, after, window: june },
    );

  const { data } = await ask(2);
  const next = await ask(2, data?.jobs.pageInfo.endCursor);

  expect(data?.jobs.totalCount).toBe(3);
  expect(
    data?.jobs.nodes.map(({ name, statistics: { total } }) => [
      name,
      total.count,
      total.successRate,
    ]),
  ).toEqual([
    ['a', 1, 1],
    ['b', 2, 0.5],
  ]);
  expect(next.data?.jobs.nodes.map(({ name, repository: of }) => [name, of])).toEqual([
    ['loose', null],
  ]);
  expect(next.data?.jobs.nodes[0]?.statistics.total.count).toBe(1);
  expect(next.data?.jobs.pageInfo.hasNextPage).toBe(false);
  expect(data?.repository.jobs.nodes.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('jobs are counted only when their number is asked for', async () => {
  const gateway = await startGateway();
  await ingestClient(gateway).build(aBuild());
  await gateway.settleAnalytics();
  const statementsOf = async (selection: string) => {
    const before = gateway.statements().length;
    const { errors } = await gateway.graphql(`{ jobs(first: 1) { ${selection} } }`);
    expect(errors).toBeUndefined();
    return gateway.statements().slice(before).join('\n');
  };

  expect(await statementsOf('nodes { name }')).not.toContain('count(*)');
  expect(await statementsOf('totalCount nodes { name }')).toContain('count(*)');
});

test('one job is found by its name in its repository', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  const startedAt = '2026-06-01T10:00:00Z';
  await ingest.build(aBuild({ jobName: 'b', startedAt }));
  await ingest.build(aBuild({ jobName: 'b', startedAt, status: 'FAILURE' }));
  await ingest.build(aBuild({ jobName: 'loose', startedAt, repository: null }));
  await gateway.settleAnalytics();

  const { data, errors } = await gateway.graphql(
    `query ($window: StatisticsWindow) { repository(owner: "acme", name: "widgets") {
      b: job(name: "b") { name repository { name } statistics(window: $window) { total { count } } }
      loose: job(name: "loose") { name } nul: job(name: "b\u0000") { name } } }`,
    { window: june },
  );

  expect(errors).toBeUndefined();
  expect(data).toEqual({
    repository: {
      b: { name: 'b', repository: { name: 'widgets' }, statistics: { total: { count: 2 } } },
      loose: null,
      nul: null,
    },
  });
});

interface Jobs {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly nodes: readonly {
    readonly name: string;
    readonly repository: { readonly name: string } | null;
    readonly statistics: Awaited<ReturnType<typeof buildStatistics>>;
  }[];
}
