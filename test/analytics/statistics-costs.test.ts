import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKey } from '../identity/key-operations.ts';
import { aBuild, ingestClient } from '../ingest/ingest-client.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { buildStatistics } from './statistics-client.ts';

const startedAt = '2026-06-01T10:00:00Z';
const window = { from: '2026-06-01T00:00:00Z', to: '2026-06-02T00:00:00Z' };

function setPrices(gateway: TestGateway, input: object, key = gateway.key) {
  return gateway.graphql<{ setRunnerPrices: object }>(
    `mutation ($input: SetRunnerPricesInput!) { setRunnerPrices(input: $input) { __typename
      ... on SetRunnerPricesPayload { prices { label pricePerMinute currency } }
      ... on ValidationError { issues { path message } } } }`,
    { input },
    key,
  );
}

const prices = {
  currency: 'EUR',
  prices: [
    { label: 'linux', pricePerMinute: 0.5 },
    { label: 'large', pricePerMinute: 2 },
  ],
};

test('builds cost their minutes at the highest price of a label, and disrupted failures are wasted, each once', async () => {
  const gateway = await startGateway();
  const ingest = ingestClient(gateway);
  await setPrices(gateway, prices);
  const build = async (said: object) => {
    const id = randomUUID();
    await ingest.build(aBuild({ id, startedAt, branch: 'main', ...said }));
    return id;
  };
  const disrupted = await build({
    status: 'FAILURE',
    durationMs: 60_000,
    agentLabels: ['linux'],
    treeSha: 't',
  });
  await build({ status: 'FAILURE', durationMs: 120_000, agentLabels: ['linux', 'large'] });
  await build({ durationMs: 30_000, agentLabels: ['mac'] });
  await build({ agentLabels: ['linux'] });
  const twice = ['adds', 'subtracts'].flatMap((name) => [
    { name, status: 'FAILED' as const, attempt: 1 },
    { name, status: 'PASSED' as const, attempt: 2 },
  ]);
  await ingest.results({ buildId: disrupted, results: twice });
  await gateway.settleAnalytics();

  const { cost } = await buildStatistics(gateway, { window });
  const { data } = await gateway.graphql<{ builds: { nodes: { cost: object | null }[] } }>(
    '{ builds(orderBy: { field: DURATION, direction: DESC }) { nodes { cost { amount currency } } } }',
  );

  expect(cost).toEqual({ currency: 'EUR', total: 4.5, wasted: 0.5, unpricedDurationMs: 30_000 });
  expect(data?.builds.nodes.map((node) => node.cost)).toEqual([
    { amount: 4, currency: 'EUR' },
    { amount: 0.5, currency: 'EUR' },
    null,
    null,
  ]);
});

test('prices take the place of those before', async () => {
  const gateway = await startGateway();
  await setPrices(gateway, prices);

  await setPrices(gateway, { currency: 'USD', prices: [{ label: 'mac', pricePerMinute: 1 }] });

  const { data } = await gateway.graphql('{ runnerPrices { label pricePerMinute currency } }');
  expect(data).toEqual({ runnerPrices: [{ label: 'mac', pricePerMinute: 1, currency: 'USD' }] });
});

test('prices that cannot be are refused, each with its path', async () => {
  const gateway = await startGateway();

  const { data } = await setPrices(gateway, {
    currency: 'euro',
    prices: [{ label: '', pricePerMinute: -1 }],
  });

  expect(data?.setRunnerPrices).toMatchObject({
    __typename: 'ValidationError',
    issues: [
      { path: ['input', 'currency'] },
      { path: ['input', 'prices', '0', 'label'] },
      { path: ['input', 'prices', '0', 'pricePerMinute'] },
    ],
  });
});

test('a label has one price', async () => {
  const gateway = await startGateway();
  const price = { label: 'linux', pricePerMinute: 1 };

  const { data } = await setPrices(gateway, { currency: 'EUR', prices: [price, price] });

  expect(data?.setRunnerPrices).toMatchObject({
    issues: [{ path: ['input', 'prices'], message: 'must name each label once' }],
  });
});

test('prices are those of an organization, and need MANAGE', async () => {
  const gateway = await startGateway();
  await setPrices(gateway, prices);
  const other = await gateway.createOrganization();
  const { secret } = await createKey(gateway, gateway.key, 'READ', 'INGEST');

  await setPrices(gateway, { currency: 'USD', prices: [] }, other.key);
  const refused = await setPrices(gateway, { currency: 'USD', prices: [] }, secret);

  expect(refused.data?.setRunnerPrices).toEqual({ __typename: 'ForbiddenError' });
  const { data } = await gateway.graphql('{ runnerPrices { label currency } }');
  expect(data).toEqual({
    runnerPrices: [
      { label: 'large', currency: 'EUR' },
      { label: 'linux', currency: 'EUR' },
    ],
  });
});

test('builds without a repository have no costs', async () => {
  const gateway = await startGateway();
  await setPrices(gateway, prices);
  await ingestClient(gateway).build({
    ...{ id: randomUUID(), jobName: 'lost', startedAt, status: 'FAILURE', durationMs: 60_000 },
    agentLabels: ['linux'],
  });
  await gateway.settleAnalytics();

  const { data, errors } = await gateway.graphql(
    `query ($window: StatisticsWindow!) {
      jobs { nodes { name statistics(window: $window) { total { count } cost { total } } } } }`,
    { window },
  );

  expect(errors).toBeUndefined();
  expect(data).toEqual({
    jobs: { nodes: [{ name: 'lost', statistics: { total: { count: 1 }, cost: null } }] },
  });
});
