import { getNamedType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { belowOf } from '../../src/graphql/below.ts';
import { schema } from '../../src/graphql/schema.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { type Dataset, makeDataset, store } from './dataset.ts';
import { storeCodeowners } from './dataset-owners.ts';
import { listOf } from './lists.ts';
import { variables } from './read-page.ts';
import { nodeIds } from './reads.ts';
import { below, type ConnectionField, connectionsOf, pageDocument } from './schema-walk.ts';
import { everything, objectType } from './selections.ts';

let gateway: TestGateway;
let dataset: Dataset;

const connections = connectionsOf(schema).map(
  (connection) => [connection.name, connection] as const,
);

beforeAll(async () => {
  gateway = await startGateway();
  dataset = makeDataset({ organizationId: gateway.organizationId, seed: 'statements' });
  await store(gateway.db, dataset);
  await storeCodeowners(gateway.db, dataset);
  await gateway.graphql('{ __typename }'); // its key is known from now on
});

const nestedRead = `query($builds: Int!, $stages: Int!, $tests: Int!) { builds(first: $builds) { nodes {
  jobName number status stages(first: $stages) { nodes { name status } }
  testResults(first: $tests) { nodes { status durationMs testCase { name suite } } } } } }`;

test.each([
  [10, 1, 1],
  [20, 5, 10],
  [40, 50, 10],
  [12, 60, 60],
])(
  '%i builds with %i stages and %i tests each take as many statements as one',
  async (builds, stages, tests) => {
    const { count, data } = await counted<{ builds: { nodes: unknown[] } }>(nestedRead, {
      builds,
      stages,
      tests,
    });

    expect(data.builds.nodes).toHaveLength(builds);
    expect(count).toBe(1);
    expect(count).toBeLessThanOrEqual(budgetOf(nestedRead));
  },
);

test('the first request of a key stays in the budget too', async () => {
  const { key, organizationId } = await gateway.createOrganization();
  await store(gateway.db, makeDataset({ organizationId, seed: 'first' }));

  const sizes = { builds: 20, stages: 5, tests: 10 };
  const { count, ofKeys } = await counted(nestedRead, sizes, key);

  expect(ofKeys).toBe(1);
  expect(count + ofKeys).toBeLessThanOrEqual(budgetOf(nestedRead));
});

test('the budget counts each connection once, wherever it stands', () => {
  expect(budgetOf(nestedRead)).toBe(3 + 2);
  expect(budgetOf('{ viewer { apiKey { id } } }')).toBe(2);
  expect(
    budgetOf(
      '{ builds { nodes { ...B } } other: builds { nodes { ...B } } } fragment B on Build { stages { totalCount } }',
    ),
  ).toBe(3 + 2);
});

test('all that an attempt points at is read at once, for any number of attempts', async () => {
  const operation = `query($first: Int!) { testResults(first: $first) { nodes { id
    testCase { name } repository { name } build { jobName } submission { key } invocation { command } } } }`;
  const one = await counted(operation, { first: 1 });
  const hundred = await counted(operation, { first: 100 });

  expect(one.count).toBe(1);
  expect(hundred.count).toBe(1);
});

test.each(connections)(
  '%s with its count, its page, and all its rows point at stays in the budget',
  async (_name, connection) => {
    const { parentId, orders, model } = listOf(dataset, connection);
    const selection = `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { ${everything(objectType(schema, model))} } }`;
    const operation = pageDocument(connection, selection);
    const at = (args: object) =>
      variables(connection, parentId, { orderBy: orders[0] ?? null, ...args });
    const start = await counted(operation, at({ first: 3 }));
    const { edges } = pageOf(start.data);

    const middle = await counted(operation, at({ first: 100, after: edges[0]?.cursor }));
    const backward = await counted(operation, at({ last: 100, before: edges[2]?.cursor }));

    for (const { count } of [start, middle, backward]) {
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(budgetOf(operation));
      expect(count).toBe(expectedCount(connection, operation));
    }
  },
);

test('all nested lists of all repositories take one statement with the repositories', async () => {
  const nested = connections
    .filter(([, { parent }]) => parent === 'Repository')
    .map(([, { field }]) => field);
  const lists = nested.map((field) => `${field}(first: 4) { totalCount nodes { __typename } }`);
  const operation = `{ repositories(first: 20) { nodes { ${lists.join(' ')} } } }`;

  const { count } = await counted(operation, {});

  expect(nested.length).toBeGreaterThan(5);
  expect(count).toBe(1);
});

test('one list asked for with different arguments takes one statement', async () => {
  const operation = `{ builds(first: 20) { nodes { few: stages(first: 2) { nodes { name } } many: stages(last: 50) { nodes { name } }
    failed: stages(filter: { status: [FAILURE] }) { totalCount } } } }`;

  const { count } = await counted(operation, {});

  expect(count).toBe(1);
});

test('nodes of all types take one statement, and one for the organization', async () => {
  const operation = 'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';
  const types = [...nodeIds(schema, dataset)];
  const organization = types.filter(([type]) => type === 'Organization').flatMap(([, ids]) => ids);
  const others = types
    .filter(([type]) => type !== 'Organization')
    .flatMap(([, ids]) => ids.slice(0, 4));

  const rows = await counted<{ nodes: ({ id: string } | null)[] }>(operation, { ids: others });
  const all = await counted(operation, { ids: [...others.slice(0, 99), ...organization] });

  expect(rows.data.nodes.map((node) => node?.id)).toEqual(others);
  expect(others.length).toBeGreaterThan(60);
  expect(rows.count).toBe(1);
  expect(all.count).toBe(2);
});

test.each([0, 1, 2])(
  'what a third of all types of nodes point at takes one statement more',
  async (third) => {
    const types = [...nodeIds(schema, dataset)]
      .filter(([type]) => type !== 'Organization')
      .filter((_type, index) => index % 3 === third);
    const fragments = types.map(([type], index) => {
      const related = pointers(type).map((field) => `r${index}${field}: ${field} { __typename }`);
      return `... on ${type} { __typename ${related.join(' ')} }`;
    });
    const operation = `query($ids: [ID!]!) { nodes(ids: $ids) { ${fragments.join(' ')} } }`;

    const { count } = await counted(operation, {
      ids: types.flatMap(([, ids]) => ids.slice(0, 7)),
    });

    expect(count).toBe(2);
  },
);

/** Fields of a type that hold a row which the row names by its id. */
function pointers(type: string): string[] {
  return Object.values(objectType(schema, type).getFields())
    .filter((field) => {
      const { rowBelow } = belowOf(field);
      return rowBelow !== undefined && rowBelow.idOf === undefined;
    })
    .map(({ name }) => name);
}

test('what came before reports takes one statement more', async () => {
  const ids = nodeIds(schema, dataset).get('SecurityReport')?.slice(0, 7) ?? [];
  const operation =
    'query($ids: [ID!]!) { nodes(ids: $ids) { ... on SecurityReport { previous { id } } } }';

  const { count } = await counted(operation, { ids });

  expect(count).toBe(2);
});

/**
 * Runs an operation and says how many statements that took. What is read of a key every few seconds,
 * for all its requests, is counted apart.
 */
async function counted<Data>(
  operation: string,
  given: object,
  key?: string,
): Promise<{ count: number; ofKeys: number; data: Data }> {
  const before = gateway.statements().length;
  const { data, errors } = await gateway.graphql<Data>(operation, given, key);
  const statements = gateway.statements().slice(before);
  if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
  const ofKeys = statements.filter((text) => text.includes('secret_hash')).length;
  const storesLastUse = statements.filter((text) => text.includes('SET last_used_at')).length;
  return { data, count: statements.length - ofKeys - storesLastUse, ofKeys };
}

/** Design: distinct connection fields + 2. A fragment's are counted once. */
function budgetOf(operation: string): number {
  const types = new TypeInfo(schema);
  let found = 0;
  const countField = () => {
    const type = types.getType();
    if (type && getNamedType(type).name.endsWith('Connection')) found += 1;
  };
  visit(parse(operation), visitWithTypeInfo(types, { Field: countField }));
  return found + 2;
}

/**
 * A root list is one statement with all below it; a nested one here hangs on a node that is read first. Patterns of
 * CODEOWNERS files are no work for Postgres: the files are read with another statement.
 */
function expectedCount({ parent }: ConnectionField, operation: string): number {
  return (parent === 'Query' ? 1 : 2) + (operation.includes('ownersAtTheTime') ? 1 : 0);
}

function pageOf(data: unknown): { readonly edges: readonly { readonly cursor: string }[] } {
  return (below(data) as { page: { edges: { cursor: string }[] } }).page; // as the selection says
}
