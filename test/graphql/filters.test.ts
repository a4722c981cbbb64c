import { beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { type Dataset, makeDataset, store } from './dataset.ts';
import type { FilterCase } from './filter-cases.ts';
import { filterOracle } from './filter-oracle.ts';
import { keyOf, keySelection, listOf } from './lists.ts';
import { pageReader } from './read-page.ts';
import { type ConnectionField, connectionsOf } from './schema-walk.ts';

let gateway: TestGateway;
let dataset: Dataset;

/** Every field of the filter of every connection. */
const filters = connectionsOf(schema).flatMap((connection) =>
  Object.keys(connection.filter?.getFields() ?? {}).map(
    (field) => [`${connection.name}(filter: {${field}})`, connection, field] as const,
  ),
);

beforeAll(async () => {
  gateway = await startGateway();
  dataset = makeDataset({ organizationId: gateway.organizationId, seed: 'filters' });
  await store(gateway.db, dataset);
});

test('there are filters to test on every connection but those that need none', () => {
  const unfiltered = connectionsOf(schema).filter(({ filter }) => filter === null);

  expect(unfiltered.map(({ name }) => name)).toEqual([
    'CoverageReport.files',
    'FlakyTest.evidence',
    'Organization.apiKeys',
    'TestCase.mergedFrom',
    'TestCase.quarantineEvents',
  ]);
});

test.each(filters)(
  '%s leaves the rows that filtering in memory leaves',
  async (_name, connection, field) => {
    const { read, expected } = arrange(connection);
    const all = casesOf(connection, field);
    // Lists of one type share their conditions: all cases at the root, a few below.
    const cases = connection.parent === 'Query' ? all : all.slice(0, 3);

    for (const { value, matches } of cases) {
      const page = await read({ first: 100, filter: { [field]: value } });

      const keys = expected(matches);
      expect(
        page.nodes.map(({ key }) => key),
        JSON.stringify(value),
      ).toEqual(keys.slice(0, 100));
      expect(page.totalCount, JSON.stringify(value)).toBe(keys.length);
    }
  },
);

const filtered = connectionsOf(schema)
  .filter(({ filter }) => filter !== null)
  .map((connection) => [connection.name, connection] as const);

test.each(filtered)(
  '%s asks nothing when fields of its filter are null',
  async (_name, connection) => {
    const fields = Object.keys(connection.filter?.getFields() ?? {});
    const { read, expected } = arrange(connection);

    const page = await read({
      first: 1,
      filter: Object.fromEntries(fields.map((field) => [field, null])),
    });

    expect(page.totalCount).toBe(expected(() => true).length);
  },
);

test.each(filtered)('%s joins the fields of its filter by AND', async (_name, connection) => {
  const { list, read, expected } = arrange(connection);
  const row = list.rows.at(-2); // one with few nulls; each field asks for what this row has
  const chosen = Object.keys(connection.filter?.getFields() ?? {}).flatMap((field) => {
    const found = casesOf(connection, field).find(
      ({ matches }) => row !== undefined && matches(row),
    );
    return found === undefined ? [] : [[field, found] as const];
  });

  for (const count of chosen.keys()) {
    const some = chosen.slice(0, count + 1);
    const page = await read({
      first: 100,
      filter: Object.fromEntries(some.map(([field, { value }]) => [field, value])),
    });

    const left = expected((each) => some.every(([, { matches }]) => matches(each)));
    expect(page.nodes.map(({ key }) => key)).toEqual(left.slice(0, 100));
    expect(left.length).toBeGreaterThan(0);
  }
});

test.each([
  'x',
  'QnVpbGQ6eA==',
  Buffer.from('Build:00000000-0000-4000-8000-000000000000').toString('base64'),
  '',
])('a repositoryId that is none of a repository is refused: %j', async (repositoryId) => {
  const operation = 'query($id: ID!) { builds(filter: { repositoryId: $id }) { totalCount } }';

  const { errors } = await gateway.graphql(operation, { id: repositoryId });

  expect(errors).toMatchObject([
    {
      message: 'filter.repositoryId: is not the id of a Repository',
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
});

test('a text that would take long to look for is refused', async () => {
  const operation = 'query($text: String) { stages(filter: { text: $text }) { totalCount } }';
  const askFor = (length: number) => gateway.graphql(operation, { text: 'x'.repeat(length) });

  expect((await askFor(1_000)).errors).toBeUndefined();
  expect((await askFor(1_001)).errors).toMatchObject([
    {
      message: 'filter: must look for at most 1,000 characters',
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
});

function casesOf(connection: ConnectionField, field: string): FilterCase[] {
  const filter = connection.filter?.name ?? '';
  const cases = filterOracle(dataset)[filter]?.[field];
  if (cases === undefined)
    throw new Error(`tests do not know ${filter}.${field}: say in filter-oracle.ts what it asks`);
  return cases(listOf(dataset, connection).rows);
}

function arrange(connection: ConnectionField) {
  const list = listOf(dataset, connection);
  const { model, parentId, rows, sorted } = list;
  const selection = `totalCount nodes { ${keySelection(model)} }`;
  const read = pageReader(gateway, connection, { selection, parentId });
  const expected = (matches: FilterCase['matches']) =>
    sorted(rows.filter(matches), null).map((row) => keyOf(model, row));
  return { list, read, expected };
}
