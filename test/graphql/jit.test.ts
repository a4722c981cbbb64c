import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { type Asking, send } from './ask.ts';
import { ingestInputs, ingestMutations, recordAll } from './operations.ts';

let gateway: TestGateway;
let buildId: string;
beforeAll(async () => {
  gateway = await startGateway();
  await recordAll(gateway, gateway.key);
  for (const number of [2, 3, 4]) {
    const input = { ...ingestInputs.recordBuild, id: null, number, branch: `b${number}` };
    await gateway.graphql(ingestMutations.recordBuild, { input });
  }
  const { data } = await gateway.graphql<{ builds: { nodes: { id: string }[] } }>(
    '{ builds(last: 1) { nodes { id } } }',
  );
  buildId = data?.builds.nodes[0]?.id ?? '';
});

/** Status and bytes, but for ids that are new each time. */
async function answerOf(query: string, asking: Asking): Promise<string> {
  const response = await send(gateway, query, asking);
  const text = await response.text();
  const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  return `${response.status} ${text.includes('errorId') ? text.replace(uuid, 'ID') : text}`;
}

const listing = 'query($first: Int, $after: String, $filter: BuildFilter, $orderBy: BuildOrder)';
const same: readonly [string, string, Asking?][] = [
  ['a list', '{ builds { totalCount nodes { id jobName number status startedAt } } }'],
  [
    'edges and page info',
    '{ builds(first: 2) { edges { cursor node { number } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }',
  ],
  [
    'lists in lists',
    '{ repositories { nodes { fullName builds { nodes { number stages { nodes { name } } testResults { nodes { status testCase { name } } } } } } } }',
  ],
  [
    'aliases',
    '{ a: builds(first: 1) { n: nodes { i: id j: jobName } } b: builds(last: 1) { n: nodes { number } } }',
  ],
  ['a field given twice', '{ builds { nodes { id } } builds { nodes { jobName id } totalCount } }'],
  [
    'fragments',
    '{ builds { ...P } } fragment P on BuildConnection { nodes { ...B ... on Build { number } } } fragment B on Build { id status }',
  ],
  [
    '__typename everywhere',
    '{ __typename builds { __typename nodes { __typename stages { __typename nodes { __typename } } } } }',
  ],
  [
    'introspection',
    '{ __type(name: "Build") { kind fields { name type { name kind ofType { name } } } } }',
  ],
  [
    'introspection by a variable',
    'query($name: String!) { __type(name: $name) { name } }',
    { variables: { name: 'Stage' } },
  ],
  [
    'enum values',
    '{ __type(name: "BuildStatus") { enumValues(includeDeprecated: true) { name description } } }',
  ],
  [
    '@include and @skip',
    'query($yes: Boolean!, $no: Boolean = false) { builds { nodes { id @include(if: $yes) number @skip(if: $yes) branch @include(if: $no) ... @include(if: $no) { status } } } }',
    { variables: { yes: true } },
  ],
  ['a root that is skipped', '{ builds @skip(if: true) { totalCount } __typename }'],
  [
    'an interface',
    'query($id: ID!) { node(id: $id) { __typename id ... on Build { number } ... on Stage { name } } }',
    { variables: { id: 'BUILD' } },
  ],
  [
    'an interface that finds nothing',
    'query($id: ID!) { node(id: $id) { id ... on Build { number } } }',
    { variables: { id: 'bm90aGluZw' } },
  ],
  [
    'a list with gaps',
    'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Build { stages { nodes { name } } } } }',
    { variables: { ids: ['x', 'BUILD', 'y', 'BUILD'] } },
  ],
  [
    'one value for a list',
    'query($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    { variables: { ids: 'BUILD' } },
  ],
  ['a number for an id', 'query($id: ID!) { node(id: $id) { id } }', { variables: { id: 7 } }],
  [
    'a nullable relation',
    '{ builds { nodes { repository { fullName } } } submissions { nodes { build { number } } } }',
  ],
  ['nothing at all', '{ repository(owner: "no", name: "body") { id } agents { nodes { id } } }'],
  [
    'defaults that are used',
    `${listing.replace('$first: Int', '$first: Int = 1')} { builds(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { nodes { number } } }`,
  ],
  [
    'a default of what may not be null',
    'query($first: Int! = 1, $by: BuildOrder! = { field: NUMBER, direction: ASC }) { repositories { nodes { fullName } } builds(first: $first, orderBy: $by) { nodes { number repository { fullName } agentLabels } } }',
  ],
  [
    'a default of what may not be null, resolved by graphql-jit',
    'query($last: Int! = 1, $by: BuildOrder! = { field: NUMBER, direction: ASC }) { builds(last: $last, orderBy: $by) { nodes { number } } }',
  ],
  [
    'defaults that are not',
    `${listing.replace('$first: Int', '$first: Int = 1')} { builds(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { totalCount nodes { number } } }`,
    { variables: { first: 3 } },
  ],
  [
    'null for a default',
    'query($first: Int = 1) { builds(first: $first) { nodes { number } } }',
    { variables: { first: null } },
  ],
  [
    'a default of an input',
    'query($filter: BuildFilter = { branch: ["b2"], startedAt: { from: "2020-01-01T00:00:00Z" } }) { builds(filter: $filter) { nodes { branch } } }',
  ],
  [
    'variables in an input',
    'query($branch: [String!], $from: DateTime) { builds(filter: { branch: $branch, startedAt: { from: $from } }) { nodes { branch } } }',
    { variables: { branch: ['b3'] } },
  ],
  [
    'a whole input',
    `${listing} { builds(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { nodes { number } } }`,
    {
      variables: {
        first: 2,
        filter: { status: 'SUCCESS', startedAt: { to: '2999-01-01T00:00:00Z' } },
        orderBy: { field: 'NUMBER', direction: 'ASC' },
      },
    },
  ],
  [
    'a variable too many',
    'query($first: Int) { builds(first: $first) { totalCount } }',
    { variables: { first: 1, second: 2 } },
  ],
  [
    'one of several operations',
    'query A { builds { totalCount } } query B { viewer { apiKey { name } } }',
    { operationName: 'B' },
  ],
  [
    'a wrong variable',
    'query($first: Int) { builds(first: $first) { totalCount } }',
    { variables: { first: 'x' } },
  ],
  ['a missing variable', 'query($id: ID!) { node(id: $id) { id } }'],
  [
    'a list for an object',
    'query($filter: BuildFilter) { builds(filter: $filter) { totalCount } }',
    { variables: { filter: [] } },
  ],
  [
    'many wrong variables',
    'query($filter: BuildFilter) { builds(filter: $filter) { totalCount } }',
    { variables: { filter: { status: ['A', 'B'], pullRequest: 1.5, x: 1 } } },
  ],
  ['an error of a list', '{ builds(first: 101) { nodes { id } } }'],
  [
    'errors of two lists',
    '{ a: builds(first: 101) { nodes { id } } b: builds(after: "x") { nodes { id } } }',
  ],
  [
    'errors in each of many',
    '{ builds {\n nodes { id\r\n stages(first: -1) { nodes { name } } } } }',
  ],
  [
    'an error beside null',
    'query($id: ID!) { a: node(id: $id) { id } b: node(id: "x") { id } c: nodes(ids: []) { id } d: builds(before: "x") { totalCount } }',
    { variables: { id: 'BUILD' } },
  ],
  [
    'a cursor of another list',
    '{ builds(after: "WyJTdGFnZSIsIk9SREVSIiwiMSIsIjIiXQ") { nodes { id } } }',
  ],
  ['validation', '{ builds { nodes { colour } } nothing }'],
  ['syntax', '{ builds {'],
  [
    'cost',
    '{ builds(first: 100) { nodes { stages(first: 100) { nodes { id name order status url } } } } }',
  ],
];

test.each(same)(
  'the first, second and third answer to the same query are the same bytes: %s',
  async (_what, query, asking = {}) => {
    const text = JSON.stringify(asking.variables ?? {}).replaceAll('BUILD', buildId);
    const asked = { ...asking, variables: JSON.parse(text) as object };

    const first = await answerOf(query, asked); // by graphql-js
    const second = await answerOf(query, asked); // compiled
    const third = await answerOf(query, asked); // as it was compiled

    expect(second).toBe(first);
    expect(third).toBe(first);
  },
);

test('one compiled query answers each set of variables and each key by itself', async () => {
  const query =
    'query($branch: [String!]) { builds(filter: { branch: $branch }) { nodes { branch } } }';
  const other = await gateway.createOrganization();
  const answers = [];
  for (const branch of ['b2', 'b3', 'b4', 'b2']) {
    answers.push(await answerOf(query, { variables: { branch: [branch] } }));
  }

  expect(answers.map((answer) => /b[0-9]/.exec(answer)?.[0])).toEqual(['b2', 'b3', 'b4', 'b2']);
  expect(await answerOf(query, { key: other.key })).toBe('200 {"data":{"builds":{"nodes":[]}}}');
  expect(await answerOf(query, { key: null })).toContain('UNAUTHENTICATED');
});

test('an error nobody expects is the same by graphql-js and by graphql-jit', async () => {
  const broken = await startGateway();
  await recordAll(broken, broken.key);
  await broken.db.pool.query('ALTER TABLE stages RENAME TO gone');
  const query = '{ builds {\n nodes { number stages { totalCount } } } }';

  const answers = [];
  for (let run = 1; run <= 3; run += 1) {
    const text = await (await send(broken, query)).text();
    answers.push(text.replace(/[0-9a-f-]{36}/g, 'ID'));
  }

  expect(answers[0]).toContain('INTERNAL_SERVER_ERROR');
  expect(new Set(answers).size).toBe(1);
});
