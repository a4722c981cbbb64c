import { beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { type Dataset, makeDataset, store } from './dataset.ts';
import { keySelection, listOf } from './lists.ts';
import { type Arguments, pageReader, variables } from './read-page.ts';
import { type ConnectionField, connectionsOf, pageDocument } from './schema-walk.ts';

let gateway: TestGateway;
let dataset: Dataset;

const connections = connectionsOf(schema).map(
  (connection) => [connection.name, connection] as const,
);

beforeAll(async () => {
  gateway = await startGateway();
  dataset = makeDataset({ organizationId: gateway.organizationId, seed: 'arguments' });
  await store(gateway.db, dataset);
});

test.each(connections)(
  '%s refuses sizes out of range and says which',
  async (_name, connection) => {
    for (const [name, size] of [
      ['first', -1],
      ['first', 101],
      ['last', -1],
      ['last', 101],
    ] as const) {
      const refusal = await refusalOf(connection, { [name]: size });

      expect(refusal).toMatchObject({
        message: `${name}: must be from 0 to 100, not ${size}; page with after/before for more`,
        extensions: { code: 'BAD_USER_INPUT', issues: [{ path: [name] }] },
      });
    }
  },
);

const noCursors = [
  '',
  'x',
  '%%%',
  encoded('text'),
  encoded({}),
  encoded([]),
  encoded([1, 2, 3]),
  encoded(['Build']),
];

test.each(connections)('%s refuses text that is no cursor', async (_name, connection) => {
  for (const argument of ['after', 'before'] as const) {
    for (const cursor of noCursors) {
      const refusal = await refusalOf(connection, { [argument]: cursor });

      expect(refusal, cursor).toMatchObject({
        message: expect.stringMatching(
          new RegExp(`^${argument}: (is not a cursor|belongs to another list)`),
        ) as string,
        extensions: { code: 'BAD_USER_INPUT', issues: [{ path: [argument] }] },
      });
    }
  }
});

test.each(connections)(
  '%s refuses cursors of another connection or order',
  async (_name, connection) => {
    const [list, order, ...place] = await genuineCursor(connection);
    const foreign = [
      [list === 'Build' ? 'Stage' : 'Build', order, ...place],
      [list, 'ELSEWHERE', ...place],
      [list, order, ...place.slice(1)],
      [list, order, ...place, 'more'],
    ];

    for (const cursor of foreign) {
      const refusal = await refusalOf(connection, { before: encoded(cursor) });

      expect(refusal).toMatchObject({
        message: expect.stringMatching(
          /^before: belongs to another list or order .*same connection and orderBy/,
        ) as string,
        extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['before'] }] },
      });
    }
  },
);

test.each(connections.filter(([, { orderFields }]) => orderFields.length > 1))(
  '%s refuses a cursor of its own other order',
  async (_name, connection) => {
    const [field, other] = listOf(dataset, connection).orders.filter(
      ({ direction }) => direction === 'ASC',
    );
    const cursor = await genuineCursor(connection, { orderBy: other ?? null });

    const refusal = await refusalOf(connection, { after: encoded(cursor), orderBy: field ?? null });

    expect(refusal?.message).toMatch(
      new RegExp(
        `^after: belongs to another list or order \\(\\w+ by ${String(other?.field)}\\); this is \\w+ by ${String(field?.field)}`,
      ),
    );
  },
);

const forgeries = [
  '',
  'x',
  '0x1f',
  '1.5',
  'NaN',
  'infinity',
  'now',
  "'; SELECT 1",
  '\0',
  '\uD800',
  '99999999999999999999',
  '2026-02-30T00:00:00.000Z',
  '2026-01-01 00:00:00+99',
  '2026-01-01 00:00:00 Nowhere/There',
  '0000-00-00T00:00:00.000Z',
];
const typed = /^(-?\d+|\d{4}-.*Z|[0-9a-f-]{36})$/;

test.each(connections)(
  '%s refuses a cursor with forged values, and never breaks on one',
  async (_name, connection) => {
    const [list, order, ...place] = await genuineCursor(connection);

    for (const [index, genuine] of place.entries()) {
      for (const forged of forgeries) {
        const values = place.with(index, forged);
        const refusal = await refusalOf(connection, { after: encoded([list, order, ...values]) });

        if (typed.test(genuine)) {
          expect(refusal, forged).toMatchObject({
            message: expect.stringMatching(
              /^after: holds values that are none of \w+ by \w+$/,
            ) as string,
            extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] },
          });
        } else {
          expect(refusal, forged).toBeNull(); // any text may stand where text stands
        }
      }
    }
  },
);

test.each(connections)('%s counts only when the count is selected', async (_name, connection) => {
  const counting = async (selection: string) => {
    const before = gateway.statements().length;
    await answerTo(connection, selection, { first: 1 });
    return gateway
      .statements()
      .slice(before)
      .filter((text) => text.includes('count(*)')).length;
  };
  const pageInfo = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

  expect(await counting(`nodes { __typename } ${pageInfo}`)).toBe(0);
  expect(await counting(`nodes { __typename } ${pageInfo} totalCount`)).toBe(1);
});

/** The whole answer to one page of the connection. */
function answerTo(connection: ConnectionField, selection: string, args: Arguments) {
  const { parentId } = listOf(dataset, connection);
  return gateway.graphql(
    pageDocument(connection, selection),
    variables(connection, parentId, args),
  );
}

/** The one error of an answer, without its place; null when there is none. */
async function refusalOf(connection: ConnectionField, args: Arguments) {
  const { errors } = await answerTo(connection, '__typename', args);
  if (errors === undefined) return null;
  expect(errors).toHaveLength(1);
  return errors[0] ?? null;
}

/** The parts of a cursor that the connection gave. */
async function genuineCursor(connection: ConnectionField, args: Arguments = {}): Promise<string[]> {
  const { model, parentId } = listOf(dataset, connection);
  const selection = `edges { cursor node { ${keySelection(model)} } }`;
  const { edges } = await pageReader(gateway, connection, { selection, parentId })({
    first: 5,
    ...args,
  });
  const cursor = edges[4]?.cursor ?? '';
  return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[]; // as cursor.ts writes it
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
