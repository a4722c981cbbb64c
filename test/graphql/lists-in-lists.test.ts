import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { type Dataset, makeDataset, store } from './dataset.ts';
import { filterOracle } from './filter-oracle.ts';
import { keySelection, type List, listOf, type Order } from './lists.ts';
import { type Arguments, pageReader, variables } from './read-page.ts';
import { type ConnectionField, connectionsOf, fieldWithArguments } from './schema-walk.ts';
import { everything, objectType } from './selections.ts';

type Node = Readonly<Record<string, unknown>>;

let gateway: TestGateway;
let dataset: Dataset;

const all = connectionsOf(schema);
const roots = all.filter(({ parent }) => parent === 'Query');

/** Every list that hangs on the rows of a root list, with that root list. */
const nested = all.flatMap((connection) => {
  const root = roots.find(({ type }) => type === connection.parent);
  return root === undefined ? [] : [[connection.name, connection, root.field] as const];
});

beforeAll(async () => {
  gateway = await startGateway();
  dataset = makeDataset({ organizationId: gateway.organizationId, seed: 'lists in lists' });
  await store(gateway.db, dataset);
});

test('every list is tested here, but those of the root, the organization and what has no list at the root', () => {
  const others = all.filter(({ name }) => nested.every(([tested]) => tested !== name));

  expect(new Set(others.map(({ parent }) => parent))).toEqual(
    new Set(['BuildLog', 'CoverageReport', 'Organization', 'Query', 'SecurityReport']),
  );
});

test.each(nested)('%s is the same in a list as under one node', async (_name, connection, root) => {
  const { field, declared } = fieldWithArguments(connection);
  const list = listOf(dataset, connection);
  const page = `page: ${field} { totalCount edges { cursor node { ${everything(objectType(schema, list.model))} } }
    nodes { ${keySelection(list.model)} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
  const inList = `query(${declared}) { list: ${root}(first: 8) { nodes { id ${page} } } }`;
  const underNodes = `query($ids: [ID!]!, ${declared}) { nodes(ids: $ids) { ... on ${connection.parent} { id ${page} } } }`;

  await fc.assert(
    fc.asyncProperty(someArguments(connection, list), async (asked) => {
      const args = variables(connection, null, await withCursors(connection, list, asked));

      const { data, errors } = await gateway.graphql<{ list: { nodes: Node[] } }>(inList, args);

      expect(errors).toBeUndefined();
      const rows = data?.list.nodes ?? [];
      const ids = rows.map(({ id }) => id);
      expect((await gateway.graphql(underNodes, { ...args, ids })).data).toEqual({ nodes: rows });
      expect(rows.length).toBeGreaterThan(5);
    }),
    { numRuns: 8 },
  );
});

test.each(nested)(
  '%s in a list refuses a bad cursor with its place',
  async (_name, connection, root) => {
    const operation = `{ ${root}(first: 2) { nodes { ${connection.field}(after: "x") { totalCount } } } }`;

    const { errors } = await gateway.graphql(operation);

    expect(errors?.[0]).toMatchObject({
      message: 'after: is not a cursor of this API',
      path: [root, 'nodes', 0, connection.field],
      extensions: { code: 'BAD_USER_INPUT' },
    });
  },
);

test('lists below what a row points at are those of that thing', async () => {
  const build =
    '{ id jobName stages(first: 3) { totalCount nodes { id name } } repository { id builds(last: 2) { nodes { id } } } }';
  const testCase =
    '{ id results(first: 2) { totalCount nodes { id build { id jobName } } } flakyTest { id evidence(first: 2) { nodes { codeState } } } }';
  const operation = `{ testResults(first: 40) { nodes { id build ${build} submission { id build ${build} } testCase ${testCase} } } }`;
  const { data, errors } = await gateway.graphql<{ testResults: { nodes: Node[] } }>(operation);
  const rows = data?.testResults.nodes ?? [];
  const things = rows.flatMap((row) => [
    row['build'],
    row['testCase'],
    (row['submission'] as Node | null)?.['build'],
  ]);
  const found = things.filter((thing) => thing !== null && thing !== undefined) as Node[];

  expect(errors).toBeUndefined();
  expect(found.length).toBeGreaterThan(80);
  for (const thing of found) {
    const one = `query($id: ID!) { node(id: $id) { ... on Build ${build} ... on TestCase ${testCase} } }`;
    expect((await gateway.graphql(one, { id: thing['id'] })).data).toEqual({ node: thing });
  }
});

interface Asked {
  readonly first: number | null;
  readonly last: number | null;
  readonly orderBy: Order | null;
  readonly filter: object | null;
  readonly after: number | null;
  readonly before: number | null;
}

function someArguments(connection: ConnectionField, list: List): fc.Arbitrary<Asked> {
  const size = fc.option(fc.integer({ min: 0, max: 12 }));
  const place = fc.option(fc.nat({ max: list.rows.length - 1 }), { freq: 1 });
  const { filter, orderType } = connection;
  const oracle = filterOracle(dataset)[filter?.name ?? ''] ?? {};
  const filters = Object.entries(oracle).flatMap(([field, cases]) =>
    cases(list.rows)
      .slice(0, 3)
      .map(({ value }) => ({ [field]: value })),
  );
  return fc.record({
    first: size,
    last: size,
    after: place,
    before: place,
    orderBy: orderType === null ? fc.constant(null) : fc.option(fc.constantFrom(...list.orders)),
    filter: fc.option(fc.constantFrom(...filters, {}), { freq: 1 }),
  });
}

/** Cursors of the first parent's list stand somewhere in, before or after the lists of the others. */
async function withCursors(
  connection: ConnectionField,
  list: List,
  asked: Asked,
): Promise<Arguments> {
  const selection = 'edges { cursor }';
  const read = pageReader(gateway, connection, { selection, parentId: list.parentId });
  const { edges } = await read({ first: 100, orderBy: asked.orderBy });
  const at = (position: number | null) =>
    position === null ? null : (edges[position]?.cursor ?? null);
  return { ...asked, after: at(asked.after), before: at(asked.before) };
}
