import { beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { type Dataset, makeDataset, store } from './dataset.ts';
import { storeCodeowners } from './dataset-owners.ts';
import { listOf } from './lists.ts';
import { variables } from './read-page.ts';
import {
  below,
  type ConnectionField,
  connectionsOf,
  nodeTypes,
  pageDocument,
} from './schema-walk.ts';
import { fieldSelections, objectType } from './selections.ts';

type Node = Readonly<Record<string, unknown>>;

let gateway: TestGateway;
let dataset: Dataset;

/** One connection for each type that lists hold: the root one, where there is one. */
const connections = [...new Map(connectionsOf(schema).map((each) => [each.type, each])).values()]
  .map(({ type }) => {
    const all = connectionsOf(schema).filter((each) => each.type === type);
    return all.find(({ parent }) => parent === 'Query') ?? all[0];
  })
  .filter((connection) => connection !== undefined)
  .map((connection) => [connection.type, connection] as const);

beforeAll(async () => {
  gateway = await startGateway();
  dataset = makeDataset({ organizationId: gateway.organizationId, seed: 'projection' });
  await store(gateway.db, dataset);
  await storeCodeowners(gateway.db, dataset);
  const { organizationId } = gateway;
  await gateway.db.prisma.runnerPrice.create({
    data: { organizationId, label: 'label 0', pricePerMinute: 0.5, currency: 'EUR' },
  });
});

test('every node type but the organization and the log of a build is in a list, so that its fields are tested below', () => {
  const listed = connections.map(([type]) => type);

  expect(nodeTypes(schema).filter((type) => !listed.includes(type))).toEqual([
    'BuildLog',
    'Organization',
  ]);
});

test.each(connections)(
  'each field of %s is the same alone, with all others, and by node(id:)',
  async (type, connection) => {
    const fields = fieldSelections(objectType(schema, type));
    const whole = fields.map(([, selection]) => selection).join(' ');
    const rows = await nodes(connection, whole);
    expect(rows.length).toBeGreaterThan(5);

    for (const [field, selection] of fields) {
      for (let time = 1; time <= 3; time += 1) {
        // The second time the document is compiled, the third time it is known.
        expect(await nodes(connection, selection), `${type}.${field}`).toEqual(
          rows.map((row) => ({ [field]: row[field] })),
        );
      }
    }
    const isNode = nodeTypes(schema).includes(type);
    for (const row of isNode ? rows.slice(0, 3) : []) {
      const operation = `query($id: ID!) { node(id: $id) { ... on ${type} { ${whole} } } }`;
      const { data } = await gateway.graphql<{ node: Node }>(operation, { id: row['id'] });

      expect(data?.node).toEqual(row);
    }
  },
);

test.each(connections)(
  'each field of %s has a value somewhere, so that its column is seen to be read',
  async (type, connection) => {
    const fields = fieldSelections(objectType(schema, type));
    const rows = await nodes(connection, fields.map(([, selection]) => selection).join(' '));

    const empty = fields.filter(([field]) =>
      rows.every((row) => row[field] === null || row[field] === ''),
    );
    expect(empty.map(([field]) => field)).toEqual([]);
  },
);

test.each([
  ['{ builds { nodes { jobName } } }', 'jobName', 'commitSha'],
  ['{ testResults { edges { node { durationMs } } } }', 'durationUs', 'stackTrace'],
  ['{ testResults { nodes { testCase { name } } } }', 'testCaseId', 'message'],
  ['{ repositories { nodes { fullName } } }', 'owner', 'defaultBranch'],
  ['{ builds { totalCount } }', 'id', 'jobName'],
])('%s reads %s and does not read %s', async (operation, read, unread) => {
  const before = gateway.statements().length;

  await gateway.graphql(operation);

  const statement = gateway
    .statements()
    .slice(before)
    .find((text) => text.includes(' t WHERE '));
  expect(statement).toContain(`AS "${read}"`);
  expect(statement).not.toContain(`AS "${unread}"`);
});

const shape = '{ id status durationMs testCase { id name } }';
const plain = `{ testResults(first: 9) { totalCount pageInfo { hasNextPage } nodes ${shape} edges { cursor node ${shape} } } }`;

test.each([
  [
    'named fragments at every level',
    `{ ...Root } fragment Root on Query { testResults(first: 9) { ...Page } }
     fragment Page on TestResultConnection { totalCount pageInfo { ...Info } nodes { ...Result } edges { ...Edge } }
     fragment Info on PageInfo { hasNextPage } fragment Edge on TestResultEdge { cursor node { ...Result } }
     fragment Result on TestResult { id ...Rest } fragment Rest on TestResult { status durationMs testCase { ...Case } }
     fragment Case on TestCase { id name }`,
  ],
  [
    'inline fragments, on a type, on an interface and on none',
    `{ ... { testResults(first: 9) { ... { totalCount } ... on TestResultConnection { pageInfo { ... { hasNextPage } } }
       nodes { ... on Node { id } ... on TestResult { status ... { durationMs } testCase { ... on Node { id } name } } }
       edges { cursor ... { node { ... on TestResult ${shape} } } } } } }`,
  ],
  [
    'fields in several pieces',
    `{ testResults(first: 9) { totalCount nodes { id } edges { cursor } }
       testResults(first: 9) { pageInfo { hasNextPage } nodes { status } nodes { durationMs testCase { id } } edges { node { id status } } }
       ... { testResults(first: 9) { nodes { testCase { name } } edges { node { durationMs testCase { id name } } } } } }`,
  ],
  [
    'directives that leave everything in',
    `query($yes: Boolean = true, $no: Boolean = false) { testResults(first: 9) @include(if: $yes) {
       totalCount @skip(if: $no) pageInfo { hasNextPage @include(if: true) }
       nodes { id status ... @include(if: $yes) { durationMs } ...Case @skip(if: $no) } edges { cursor node @include(if: $yes) ${shape} } } }
     fragment Case on TestResult { testCase @include(if: $yes) { id name } }`,
  ],
])('%s give what plain fields give, also when compiled', async (_name, operation) => {
  const expected = await gateway.graphql(plain);
  expect(expected.errors).toBeUndefined();

  for (let time = 1; time <= 3; time += 1) {
    expect(await gateway.graphql(operation)).toEqual(expected);
  }
});

test('aliases give the values of the fields they stand for', async () => {
  const operation = `{ list: testResults(first: 9) { count: totalCount items: nodes { key: id length: durationMs status: statusRaw durationUs: id
    test: testCase { title: name } } places: edges { place: cursor item: node { how: status } } } }`;
  const { data } = await gateway.graphql<{
    testResults: { totalCount: number; edges: { cursor: string; node: Node }[] };
  }>(
    '{ testResults(first: 9) { totalCount edges { cursor node { id durationMs status statusRaw testCase { name } } } } }',
  );
  const edges = data?.testResults.edges ?? [];

  for (let time = 1; time <= 3; time += 1) {
    const aliased = await gateway.graphql(operation);
    expect(aliased.data).toEqual({
      list: {
        count: data?.testResults.totalCount,
        items: edges.map(({ node }) => ({
          key: node['id'],
          length: node['durationMs'],
          status: node['statusRaw'],
          durationUs: node['id'],
          test: { title: (node['testCase'] as Node)['name'] },
        })),
        places: edges.map(({ cursor, node }) => ({ place: cursor, item: { how: node['status'] } })),
      },
    });
  }
});

test('one document gives each time what its variables leave in', async () => {
  const operation = `query($with: Boolean!) { testResults(first: 9) { totalCount @include(if: $with)
    nodes { id message @include(if: $with) ... @skip(if: $with) { stackTrace } } pageInfo { hasNextPage @include(if: $with) } } }`;
  const whole = await gateway.graphql<{ testResults: { totalCount: number; nodes: Node[] } }>(
    '{ testResults(first: 9) { totalCount nodes { id message stackTrace } } }',
  );
  const rows = whole.data?.testResults.nodes ?? [];

  for (const present of [true, false, true, false, true, false]) {
    const { data } = await gateway.graphql(operation, { with: present });

    expect(data).toEqual({
      testResults: present
        ? {
            totalCount: whole.data?.testResults.totalCount,
            nodes: rows.map(({ id, message }) => ({ id, message })),
            pageInfo: { hasNextPage: true },
          }
        : { nodes: rows.map(({ id, stackTrace }) => ({ id, stackTrace })), pageInfo: {} },
    });
  }
});

/** The first nodes of a connection, with this selection. */
async function nodes(connection: ConnectionField, selection: string): Promise<Node[]> {
  const { parentId } = listOf(dataset, connection);
  const operation = pageDocument(connection, `nodes { ${selection} }`);
  const { data, errors } = await gateway.graphql(
    operation,
    variables(connection, parentId, { first: 12 }),
  );
  if (errors !== undefined) throw new Error(`${connection.name}: ${JSON.stringify(errors)}`);
  return (below(data) as { page: { nodes: Node[] } }).page.nodes; // as the selection says
}
