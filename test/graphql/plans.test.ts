import { beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import type { SentStatement } from '../support/count-statements.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { globalId, type Order } from './lists.ts';
import { parentIds, storeManyRows } from './many-rows.ts';
import { type PlanMode, workOf } from './plan.ts';
import { type ConnectionField, connectionsOf } from './schema-walk.ts';

let gateway: TestGateway;

const modes: readonly PlanMode[] = ['force_custom_plan', 'force_generic_plan'];
const connections = connectionsOf(schema);

/** Scores are counted for each flaky test, so their orders read all of these; flaky-tests.test.ts says what else. */
const kept = new Set(['LAST_EVIDENCE_AT', 'EVIDENCE_COUNT']);

/** Every order of every list that hangs on the organization. */
const roots = connections
  .filter(({ parent }) => parent === 'Query' || parent === 'Organization')
  .flatMap((connection) =>
    ordersOf(connection).map(
      (orderBy) => [nameOf(connection, orderBy), connection, orderBy] as const,
    ),
  );

/** Every list that hangs on something else, in its own order. */
const nested = connections
  .filter(({ parent }) => parent !== 'Query' && parent !== 'Organization')
  .map((connection) => [connection.name, connection] as const);

beforeAll(async () => {
  gateway = await startGateway();
  await storeManyRows(gateway.db, gateway.organizationId);
}, 120_000);

test.each(roots)('%s reads a page and not the table', async (_name, connection, orderBy) => {
  const { field, parent, orderType } = connection;
  const given =
    orderBy === null
      ? ''
      : `, orderBy: { field: ${orderBy.field}, direction: ${orderBy.direction} }`;
  const list = (args: string) =>
    `${field}(${args}${given}) { pageInfo { hasNextPage hasPreviousPage endCursor } nodes { __typename } }`;
  const within = (inner: string) =>
    parent === 'Query' ? `{ ${inner} }` : `{ viewer { organization { ${inner} } } }`;
  expect(orderType === null).toBe(orderBy === null);
  const endCursor = async (operation: string) => {
    const { data } = await gateway.graphql(operation);
    return /"endCursor":"([^"]+)"/.exec(JSON.stringify(data))?.[1] ?? '';
  };
  const middle = await endCursor(within(list('first: 100')));

  for (const args of [
    'first: 25',
    'last: 25',
    `first: 25, after: "${middle}"`,
    `last: 25, before: "${middle}"`,
  ]) {
    await expectPageWork(within(list(args)), { pages: 1, size: 25 });
  }
});

test.each(nested)(
  '%s reads a page for each parent and not the table',
  async (_name, connection) => {
    const ids = await idsOf(connection.parent, 20);
    const operation = `query($ids: [ID!]!) { nodes(ids: $ids) { ... on ${connection.parent} {
    ${connection.field}(first: 10) { pageInfo { hasNextPage } nodes { __typename } } } } }`;

    await expectPageWork(operation, { pages: 20, size: 10 }, { ids });
  },
);

test.each(nested)(
  '%s below a list reads a page for each row and not the table',
  async (_name, connection) => {
    const rows = `${connection.field}(first: 10) { pageInfo { hasNextPage } nodes { __typename } }`;
    const operation = `{ ${listOf(connection.parent, rows)} }`;

    await expectPageWork(operation, { pages: 23, size: 10 });
  },
);

test('node(id:) and what a page points at are found by their keys', async () => {
  const [id] = await idsOf('Build', 1);
  const operations = [
    ['query($id: ID!) { node(id: $id) { id } }', 1],
    [
      'query { testResults(first: 10) { nodes { testCase { name } build { jobName } repository { name } submission { key } invocation { command } } } }',
      11 * 6 + 8, // ten results and the one that tells there are more, each with five rows; partitions
    ],
  ] as const;

  for (const [operation, most] of operations) {
    const statements = await statementsOf(operation, { id });
    for (const mode of modes) {
      const work = await workOf(gateway.db.url, statements.at(-1) ?? nothing, mode);
      expect(work.rowsRead, work.text).toBeLessThanOrEqual(most);
      expect(work.scanned, work.text).toEqual([]);
    }
  }
});

test('the nested read of the design reads what it shows', async () => {
  const operation = `{ builds(first: 20, orderBy: { field: STARTED_AT, direction: DESC }) { nodes { jobName status
    stages(first: 5) { nodes { name } } testResults(first: 10) { nodes { status testCase { name } } } repository { name } } } }`;
  const statements = await statementsOf(operation, {});
  const work = await Promise.all(
    statements.flatMap((statement) => modes.map((mode) => workOf(gateway.db.url, statement, mode))),
  );

  expect(work.length).toBeGreaterThanOrEqual(modes.length);
  for (const { rowsRead, scanned, text } of work) {
    expect(scanned, text).toEqual([]);
    // Builds; for each a repository, two stages, and eleven results with their tests, of four partitions.
    expect(rowsRead, text).toBeLessThanOrEqual(21 * (1 + 1 + 6 + 2 * (11 + 4)));
  }
});

/** A list of the type, with something of each row: at the root, else below the first row of one that is there. */
function listOf(type: string, inner: string): string {
  // In no list, but each is below a row of one.
  if (type === 'BuildLog') return `builds(first: 20) { nodes { log { ${inner} } } }`;
  const [list] = connections
    .filter((connection) => connection.type === type)
    .sort((one, other) => Number(other.parent === 'Query') - Number(one.parent === 'Query'));
  if (list?.parent === 'Query') return `${list.field}(first: 20) { nodes { ${inner} } }`;
  const above = connections.find(
    ({ parent, type: of }) => parent === 'Query' && of === list?.parent,
  );
  // The row that tells there is more below the root has rows too: twice ten.
  return `${above?.field ?? ''}(first: 1) { nodes { ${list?.field ?? ''}(first: 10) { nodes { ${inner} } } } }`;
}

const nothing: SentStatement = { text: '', values: [] };

/** No plan of the page's statement reads or sorts much more than what it shows. */
async function expectPageWork(
  operation: string,
  { pages, size }: { pages: number; size: number },
  given: object = {},
) {
  const statements = await statementsOf(operation, given);
  for (const mode of modes) {
    const work = await workOf(gateway.db.url, statements.at(-1) ?? nothing, mode);
    const said = `${mode} of ${operation}\n${work.text}`;
    expect(work.scanned, said).toEqual([]);
    // One row beyond the page, one for each partition, two for what lies beyond the cursors.
    expect(work.rowsRead, said).toBeLessThanOrEqual(pages * (size + 8));
    expect(work.rowsSorted, said).toBeLessThanOrEqual(Math.max(pages, size) + 8);
    expect(work.rowsRead, said).toBeGreaterThanOrEqual(pages);
  }
}

async function statementsOf(operation: string, given: object): Promise<readonly SentStatement[]> {
  const before = gateway.sentStatements().length;
  const { errors } = await gateway.graphql(operation, given);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return gateway
    .sentStatements()
    .slice(before)
    .filter(({ text }) => text.startsWith('SELECT'));
}

async function idsOf(type: string, count: number): Promise<string[]> {
  const expression = parentIds[type];
  if (expression === undefined)
    throw new Error(`tests do not know ids of ${type}: say in many-rows.ts`);
  const columns = Array.from({ length: count }, (_none, index) => expression(index));
  const { rows } = await gateway.db.pool.query<{ id: string }>(
    `SELECT unnest(ARRAY[${columns.join(', ')}]) AS id`,
  );
  return rows.map(({ id }) => globalId(type, id));
}

function ordersOf({ orderType, orderFields, type }: ConnectionField): (Order | null)[] {
  if (orderType === null) return [null];
  const stored = orderFields.filter((field) => type !== 'FlakyTest' || kept.has(field));
  return stored.flatMap((field): Order[] => [
    { field, direction: 'ASC' },
    { field, direction: 'DESC' },
  ]);
}

function nameOf({ name }: ConnectionField, orderBy: Order | null): string {
  return orderBy === null ? name : `${name} by ${orderBy.field} ${orderBy.direction}`;
}
