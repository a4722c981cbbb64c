import { beforeAll, expect, test } from 'vitest';
import { rebuildBuilds } from '../../src/engine/rebuild-builds.ts';
import { analyticsEngine } from '../../src/jobs/analytics-engine.ts';
import { type PlanMode, workOf } from '../graphql/plan.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { statisticsSelection } from './statistics-client.ts';
import { storeBuilds } from './statistics-history.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
  await storeBuilds(gateway.db, gateway.organizationId);
  await gateway.db.pool.query('ANALYZE');
  await rebuildBuilds(
    analyticsEngine(gateway.db, () => new Date()),
    gateway.organizationId,
  );
  await gateway.db.pool.query('ANALYZE');
}, 120_000);

const modes: readonly PlanMode[] = ['force_custom_plan', 'force_generic_plan'];
const window = '{ days: 30 }';
const tests = '{ total { count } intervals { count } }';

// A repository has 150 builds in 30 days, and as many in the 30 before.
test.each([
  [
    'of a repository',
    `{ repository(owner: "acme", name: "r3") { statistics(window: ${window}) ${statisticsSelection} } }`,
    1_500,
  ],
  [
    'of jobs',
    `{ repository(owner: "acme", name: "r3") { jobs { nodes { statistics(window: ${window}) { total { count } } } } } }`,
    1_800,
  ],
  [
    'of stages',
    `{ stageStatistics(repository: "acme/r3", window: ${window}) { name statistics { total { count } } } }`,
    1_500,
  ],
  [
    'of all tests of a repository',
    `{ repository(owner: "acme", name: "r3") { testStatistics(window: ${window}) ${tests} } }`,
    500,
  ],
  ['of tests', `{ testCases(first: 1) { nodes { statistics(window: ${window}) ${tests} } } }`, 200],
])('statistics %s read totals of the window alone', async (_name, operation, mostRows) => {
  const before = gateway.sentStatements().length;
  const { errors } = await gateway.graphql(operation);
  const asked = gateway
    .sentStatements()
    .slice(before)
    .filter(({ text }) => text.includes('span AS MATERIALIZED'));

  expect(errors).toBeUndefined();
  expect(asked).toHaveLength(1);
  for (const statement of asked) {
    for (const mode of modes) {
      const work = await workOf(gateway.db.url, statement, mode);

      expect(work.scanned, work.text).toEqual([]);
      expect(work.text).not.toContain('test_results');
      expect(work.rowsRead, `${mode}\n${work.text}`).toBeLessThanOrEqual(mostRows);
    }
  }
});

test('statistics of any number of repositories are one statement', async () => {
  const operation = `{ repositories(first: 20, orderBy: { field: NAME, direction: ASC }) { nodes { statistics(window: ${window}) { total { count recoveryCount } cost { total } } } } }`;
  const before = gateway.statements().length;

  const { data } = await gateway.graphql<{
    repositories: { nodes: { statistics: { total: { count: number; recoveryCount: number } } }[] };
  }>(operation);

  const counts = data?.repositories.nodes.map(({ statistics }) => statistics.total.count) ?? [];
  expect(counts).toHaveLength(20);
  expect(Math.max(...counts)).toBeGreaterThanOrEqual(140);
  expect(gateway.statements().length - before).toBeLessThanOrEqual(2);
});
