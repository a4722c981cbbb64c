import fc from 'fast-check';
import { connectionFromArray, offsetToCursor } from 'graphql-relay';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import {
  comesAndGoes,
  type Dataset,
  insertRows,
  makeDataset,
  removeRows,
  store,
} from './dataset.ts';
import { keyOf, keySelection, type List, listOf, type Order, type Row } from './lists.ts';
import { type Arguments, pageReader, type ReadPage } from './read-page.ts';
import { type ConnectionField, connectionsOf, introspect } from './schema-walk.ts';

let gateway: TestGateway;
let dataset: Dataset;
/** Cursors of all rows, also of those that were removed since, by list and order field. */
const cursors = new Map<string, string>();

const connections = connectionsOf(schema).map(
  (connection) => [connection.name, connection] as const,
);

beforeAll(async () => {
  gateway = await startGateway();
  dataset = makeDataset({ organizationId: gateway.organizationId, seed: 'properties' });
  await store(gateway.db, dataset);
  for (const [, connection] of connections) await collectCursors(connection);
  await removeTransient();
});

test('the gateway serves the connections that are tested here', async () => {
  const served = connectionsOf(await introspect(gateway)).map(({ name }) => name);

  expect(served).toEqual(connections.map(([name]) => name));
});

test.each(connections)(
  '%s pages as graphql-relay does over the whole array',
  async (_name, connection) => {
    const list = listOf(dataset, connection);
    const read = reader(connection, list);
    expect(list.rows.length).toBeGreaterThan(7); // several pages, ties and removed rows

    await fc.assert(
      fc.asyncProperty(someArguments(list), async (asked) => {
        const { args, all, alive, lower, upper } = situation(connection, list, asked);

        const page = await read({ ...args, orderBy: asked.orderBy });

        const keys = alive.map((row) => keyOf(list.model, row));
        const oracle = connectionFromArray(keys, {
          first: args.last === null ? (args.first ?? 25) : args.first,
          last: args.last,
          after: lower === 0 ? null : offsetToCursor(lower - 1),
          before: upper === keys.length ? null : offsetToCursor(upper),
        });
        expect(page.edges.map(({ node }) => node.key)).toEqual(
          oracle.edges.map(({ node }) => node),
        );
        expect(page.edges.map(({ cursor }) => cursor)).toEqual(
          oracle.edges.map(({ node }) => cursorOf(connection, node, asked.orderBy)),
        );
        expect(page.nodes).toEqual(page.edges.map(({ node }) => node));
        expect(page.pageInfo).toEqual({
          ...truth(keys.length, lower, upper, args),
          startCursor: page.edges[0]?.cursor ?? null,
          endCursor: page.edges.at(-1)?.cursor ?? null,
        });
        if (oracle.pageInfo.hasNextPage) expect(page.pageInfo.hasNextPage).toBe(true);
        if (oracle.pageInfo.hasPreviousPage) expect(page.pageInfo.hasPreviousPage).toBe(true);
        expect(page.totalCount).toBe(keys.length);
        expect(all.length).toBeGreaterThan(alive.length);
      }),
      { numRuns: 25 },
    );
  },
);

test.each(connections)(
  '%s shows what was there all along once, while rows come and go, in both directions',
  async (_name, connection) => {
    onTestFinished(removeTransient);
    const list = listOf(dataset, connection);
    const read = reader(connection, list);
    const transient = list.rows.filter((row) => isTransient(list, row));
    const walk = fc.record({
      size: fc.integer({ min: 1, max: 9 }),
      backward: fc.boolean(),
      orderBy: fc.constantFrom(...ordersOf(connection, list)),
      toggles: fc.infiniteStream(fc.boolean()),
    });

    await fc.assert(
      fc.asyncProperty(walk, async ({ size, backward, orderBy, toggles }) => {
        const present = new Set<Row>();
        const seen: string[] = [];
        let cursor: string | null = null;
        let more = true;
        while (more) {
          const page = await read(
            backward
              ? { last: size, before: cursor, orderBy }
              : { first: size, after: cursor, orderBy },
          );
          const keys = page.nodes.map(({ key }) => key);
          seen.push(...(backward ? keys.reverse() : keys));
          cursor = backward ? page.pageInfo.startCursor : page.pageInfo.endCursor;
          more = backward ? page.pageInfo.hasPreviousPage : page.pageInfo.hasNextPage;
          const last = seen.at(-1);
          await toggle(
            list.model,
            present,
            transient.filter((row) => keyOf(list.model, row) === last || toggles.next().value),
          );
        }

        const lasting = list.sorted(list.rows, orderBy).filter((row) => !isTransient(list, row));
        const expected = lasting.map((row) => keyOf(list.model, row));
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.filter((key) => expected.includes(key))).toEqual(
          backward ? expected.reverse() : expected,
        );
        await removeTransient();
      }),
      { numRuns: 3 },
    );
  },
);

interface Asked {
  readonly first: number | null;
  readonly last: number | null;
  /** Positions in the list of all rows, those removed since included. */
  readonly after: number | null;
  readonly before: number | null;
  readonly orderBy: Order | null;
}

function someArguments(list: List): fc.Arbitrary<Asked> {
  const size = fc.option(
    fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 100 })),
  );
  const place = fc.option(fc.nat({ max: list.rows.length - 1 }), { freq: 2 });
  const orderBy =
    list.orders.length > 2 || list.model === 'Agent'
      ? fc.option(fc.constantFrom(...list.orders))
      : fc.constant(null);
  return fc.record({ first: size, last: size, after: place, before: place, orderBy });
}

/** The rows that are there, and how many of them the cursors leave out at either end. */
function situation(connection: ConnectionField, list: List, asked: Asked) {
  const all = list.sorted(list.rows, asked.orderBy);
  const alive = all.filter((row) => !isTransient(list, row));
  const upTo = (position: number) =>
    all.slice(0, position).filter((row) => alive.includes(row)).length;
  const cursorAt = (position: number | null) => {
    const row = position === null ? undefined : all[position];
    return row === undefined ? null : cursorOf(connection, keyOf(list.model, row), asked.orderBy);
  };
  return {
    all,
    alive,
    lower: asked.after === null ? 0 : upTo(asked.after + 1),
    upper: asked.before === null ? alive.length : upTo(asked.before),
    args: {
      first: asked.first,
      last: asked.last,
      after: cursorAt(asked.after),
      before: cursorAt(asked.before),
    },
  };
}

/** Whether anything precedes and follows the page in the whole list. */
function truth(
  count: number,
  lower: number,
  upper: number,
  { first, last }: Pick<Arguments, 'first' | 'last'>,
) {
  const size = last == null ? (first ?? 25) : first;
  const end = size == null ? upper : Math.min(upper, lower + size);
  const start = last == null ? lower : Math.max(lower, end - last);
  return { hasNextPage: end < count, hasPreviousPage: start > 0 };
}

function reader(connection: ConnectionField, { model, parentId }: List): ReadPage {
  const node = keySelection(model);
  const selection = `totalCount edges { cursor node { ${node} } } nodes { ${node} }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
  return pageReader(gateway, connection, { selection, parentId });
}

/** `orderBy` is only for connections that have the argument. */
function ordersOf(connection: ConnectionField, list: List): (Order | null)[] {
  return connection.orderType === null ? [null] : [null, ...list.orders];
}

async function collectCursors(connection: ConnectionField): Promise<void> {
  const list = listOf(dataset, connection);
  const read = reader(connection, list);
  for (const orderBy of ordersOf(connection, list)) {
    let after: string | null = null;
    let more = true;
    while (more) {
      const { edges, pageInfo }: Awaited<ReturnType<ReadPage>> = await read({
        first: 100,
        after,
        orderBy,
      });
      for (const { cursor, node } of edges)
        cursors.set(placeName(connection, node.key, orderBy), cursor);
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
    }
  }
}

function placeName({ name }: ConnectionField, key: string, orderBy: Order | null): string {
  return `${name} ${orderBy?.field ?? 'default'} ${key}`;
}

function cursorOf(connection: ConnectionField, key: string, orderBy: Order | null): string {
  const cursor = cursors.get(placeName(connection, key, orderBy));
  if (cursor === undefined) throw new Error(`${connection.name} never showed ${key}`);
  return cursor;
}

function isTransient({ model }: List, row: Row): boolean {
  return comesAndGoes(dataset, model, row as never); // it is a row of the model
}

async function removeTransient(): Promise<void> {
  for (const [, connection] of connections) {
    const list = listOf(dataset, connection);
    await removeRows(
      gateway.db,
      list.model,
      list.rows.filter((row) => isTransient(list, row)) as never,
    );
  }
}

async function toggle(
  model: List['model'],
  present: Set<Row>,
  rows: readonly Row[],
): Promise<void> {
  const leaving = rows.filter((row) => present.has(row));
  const coming = rows.filter((row) => !present.has(row));
  await removeRows(gateway.db, model, leaving as never);
  await insertRows(gateway.db, model, coming as never);
  for (const row of leaving) present.delete(row);
  for (const row of coming) present.add(row);
}
