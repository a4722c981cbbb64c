import { beforeAll, expect, test } from 'vitest';
import { storeManyRows } from '../graphql/many-rows.ts';
import { type PlanMode, workOf } from '../graphql/plan.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;

const modes: readonly PlanMode[] = ['force_custom_plan', 'force_generic_plan'];

beforeAll(async () => {
  gateway = await startGateway();
  await storeManyRows(gateway.db, gateway.organizationId);
  // Of each of 50 repositories 200 tests on 20 days: 4,000 rows of 200,000.
  await gateway.db.pool.query(
    `INSERT INTO test_days (organization_id, test_case_id, day, repository_id, passed, failed, errored, skipped, other,
       transitions, duration_us, buckets, bucket_counts)
     SELECT $1, c.id, current_date - day - 1, c.repository_id, 5, 0, 0, 0, 0, 0, 5000, '{100,200}', '{3,2}'
     FROM test_cases c, generate_series(0, 19) day WHERE c.organization_id = $1
     ON CONFLICT DO NOTHING`,
    [gateway.organizationId],
  );
  await gateway.db.pool.query('ANALYZE test_days');
}, 120_000);

/** The days before this one, counted back from today. */
function days(from: number, to: number): { readonly from: string; readonly to: string } {
  const midnight = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  const back = (count: number) => new Date(midnight - count * 86_400_000).toISOString();
  return { from: back(from), to: back(to) };
}

const windows = { base: days(20, 10), sample: days(10, 0) };
const sides = { base: { window: windows.base }, sample: { window: windows.sample } };
const declared = '$base: TestComparisonSide!, $sample: TestComparisonSide!';
const comparison = `query (${declared}) { compareTests(repository: "acme/r1", base: $base, sample: $sample) { totalCount } }`;

test.each<[string, string, object, number]>([
  [
    'the slowest tests',
    '{ slowestTests(repository: "acme/r1") { totalCount nodes { p95Ms } } }',
    {},
    7_000,
  ],
  [
    'the slowest tests by percentile',
    '{ slowestTests(repository: "acme/r1", orderBy: P95) { totalCount nodes { p95Ms } } }',
    {},
    7_000,
  ],
  ['a comparison of times', comparison, sides, 5_000],
  [
    'a comparison of commits',
    comparison,
    { base: { commitSha: 'a' }, sample: { commitSha: 'b' } },
    100,
  ],
  [
    'a comparison of branches',
    comparison,
    { base: { branch: 'main' }, sample: { branch: 'x' } },
    5_000,
  ],
  [
    'a search for slower tests',
    `query ($base: TimeRange!, $sample: TimeRange!) { testDurationRegressions(repository: "acme/r1", base: $base, sample: $sample) { totalCount } }`,
    windows,
    5_000,
  ],
  [
    'clusters of failures',
    '{ coFailureClusters(repository: "acme/r1") { totalCount } }',
    {},
    1_000,
  ],
])('%s read what is of the repository, and no table', async (_name, operation, variables, most) => {
  await gateway.graphql('{ __typename }'); // the key is known from now on
  const before = gateway.sentStatements().length;
  const { errors } = await gateway.graphql(operation, variables);
  const sent = gateway
    .sentStatements()
    .slice(before)
    .filter(({ text }) => text.includes('test_'));

  expect(errors).toBeUndefined();
  expect(sent.length).toBeGreaterThan(0);
  for (const statement of sent) {
    for (const mode of modes) {
      const work = await workOf(gateway.db.url, statement, mode);

      expect(work.scanned, `${mode}\n${work.text}`).toEqual([]);
      expect(work.rowsRead, `${mode}\n${work.text}`).toBeLessThanOrEqual(most);
    }
  }
});
