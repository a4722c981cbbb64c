import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { makeDataset, store } from './dataset.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
  const { organizationId } = gateway;
  await store(gateway.db, makeDataset({ organizationId, seed: 'written' }));
});

const nested = `{ builds(first: 20) { edges { cursor node { id jobName number status durationMs startedAt
  repository { fullName } stages(first: 5) { totalCount nodes { name order status } }
  testResults(first: 10) { edges { node { id status durationMs testCase { name } } } pageInfo { hasNextPage endCursor } }
} } } }`;

/** What is asked of Postgres while `work` runs. */
async function statementsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = gateway.statements().length;
  await work();
  return gateway.statements().slice(before);
}

async function thrice(query: string, variables: object = {}, key = gateway.key) {
  const answers = [];
  for (let time = 1; time <= 3; time += 1) {
    answers.push(await gateway.graphql(query, variables, key));
  }
  return answers;
}

test('the answer to a nested read that is asked again is written by Postgres, in one statement', async () => {
  const [first, second, third] = await thrice(nested);

  const statements = await statementsOf(() => gateway.graphql(nested));

  expect(statements).toEqual([expect.stringMatching(/^SELECT row_to_json/)]);
  expect(second).toEqual(first);
  expect(third).toEqual(first);
});

test('what takes more than columns, rows and lists is resolved, and is the same', async () => {
  const query = nested.replace('jobName', 'jobName coverageReports { nodes { coverage } }');
  const [first, second, third] = await thrice(query); // a share is worked out

  const statements = await statementsOf(() => gateway.graphql(query));

  expect(statements).not.toContainEqual(expect.stringMatching(/^SELECT row_to_json/));
  expect(second).toEqual(first);
  expect(third).toEqual(first);
});

test.each([
  ['with', '@include(if: true)'],
  ['without', '@include(if: false)'],
])('a field %s a directive is answered as the directive says', async (_name, directive) => {
  const [first, second, third] = await thrice(
    `{ builds(first: 2) { nodes { id jobName ${directive} } } }`,
  );

  expect(second).toEqual(first);
  expect(third).toEqual(first);
});

test('the same document with other variables has other answers', async () => {
  const query =
    'query($first: Int, $status: [BuildStatus!]) { builds(first: $first, filter: { status: $status }) { nodes { id status } } }';
  await thrice(query, { first: 1 });

  const [failed] = await thrice(query, { first: 50, status: ['FAILURE'] });
  const [passed] = await thrice(query, { first: 50, status: ['SUCCESS'] });

  expect(JSON.stringify(failed?.data)).toContain('FAILURE');
  expect(JSON.stringify(failed?.data)).not.toContain('SUCCESS');
  expect(JSON.stringify(passed?.data)).not.toContain('FAILURE');
});

test('one organization’s answer is not another’s', async () => {
  const query = '{ builds(first: 5) { totalCount nodes { id } } }';
  await thrice(query);
  const other = await gateway.createOrganization();

  const answers = await thrice(query, {}, other.key);

  expect(answers.map(({ data }) => data)).toEqual(
    answers.map(() => ({ builds: { totalCount: 0, nodes: [] } })),
  );
});

test('pages go forward with the cursors that Postgres writes', async () => {
  const query =
    'query($after: String) { testCases(first: 3, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }';
  interface Page {
    testCases: {
      edges: { cursor: string; node: { id: string } }[];
      pageInfo: Record<string, unknown>;
    };
  }
  const pageAfter = async (after: string | null) =>
    (await thrice(query, { after })).map(({ data }) => (data as Page).testCases);

  const [first, second, third] = await pageAfter(null);
  const [next] = await pageAfter(first?.edges.at(-1)?.cursor ?? null);

  expect(second).toEqual(first);
  expect(third).toEqual(first);
  expect(first?.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(next?.pageInfo).toMatchObject({ hasPreviousPage: true });
  const ids = [...(first?.edges ?? []), ...(next?.edges ?? [])].map(({ node }) => node.id);
  expect(new Set(ids).size).toBe(6);
});
