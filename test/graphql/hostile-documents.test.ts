import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  printSchema,
} from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { ask, refusal } from './ask.ts';
import { doubling } from './large-documents.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

test.each([
  ['of the schema', `{ __schema { ...F0 } } ${doubling(200, '__Schema', '__typename')}`],
  ['of the operation', `{ ...F0 } ${doubling(200, 'Query', '__typename')}`],
  ['of a list', `{ builds { ...F0 } } ${doubling(200, 'BuildConnection', 'nodes { id }')}`],
  ['of one thing', `{ viewer { organization { ...F0 } } } ${doubling(200, 'Organization', 'id')}`],
])('fragments that double 200 times are refused without being spread: %s', async (_of, query) => {
  for (const key of [null, gateway.key]) {
    const refused = refusal(await ask(gateway, query, { key }));

    expect(refused).toMatchObject({ status: 400, code: 'DOCUMENT_TOO_LARGE' });
  }
});

test.each([
  [
    'in an introspection',
    '{ __schema { ...A } } fragment A on __Schema { ...B } fragment B on __Schema { ...A }',
  ],
  [
    'in a list',
    '{ builds { ...A } } fragment A on BuildConnection { nodes { repository { builds { ...A } } } }',
  ],
  ['in the operation', '{ ...A } fragment A on Query { ...A }'],
])('a fragment that holds itself is refused: %s', async (_where, query) => {
  const refused = refusal(await ask(gateway, query));

  expect(refused).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' });
  expect(refused.message).toContain('Cannot spread fragment "A" within itself');
});

test('lists of the schema in lists of the schema are refused', async () => {
  const query =
    '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }';

  const refused = refusal(await ask(gateway, query, { key: null }));

  expect(refused).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' });
  expect(refused.message).toContain('Maximum introspection depth exceeded');
});

test('one field thousands of times is refused with advice, before all pairs are compared', async () => {
  const refused = refusal(await ask(gateway, `{ builds { nodes { ${'id '.repeat(4_900)} } } }`));

  expect(refused).toMatchObject({ status: 400, code: 'DOCUMENT_TOO_LARGE', count: 1 });
  expect(refused.message).toContain('selects the same fields too often');
});

test('an argument, a variable and a directive thousands of times are refused as what they are', async () => {
  const documents = [
    `{ builds(${'first: 1 '.repeat(1_600)}) { totalCount } }`,
    `query(${'$v: Int '.repeat(1_200)}) { builds { totalCount } }`,
    `{ builds ${'@nonsense '.repeat(2_400)} { totalCount } }`,
  ];

  for (const query of documents) {
    const { status, errors = [] } = await ask(gateway, query);
    expect(status).toBe(400);
    expect(errors.length).toBeLessThanOrEqual(102); // graphql-js stops at 100 and says so
  }
});

test('a value nested thousands of levels deep is refused, and the gateway goes on', async () => {
  const list = `${'['.repeat(2_000)}${']'.repeat(2_000)}`;
  const braces = `{ builds ${'{ nodes '.repeat(2_000)} ${'}'.repeat(2_000)} }`;

  const value = await ask(gateway, `{ builds(filter: { branch: ${list} }) { totalCount } }`);
  const selections = await ask(gateway, braces);

  expect(value.status).toBe(400);
  expect(selections.status).toBe(400);
  expect(await ask(gateway, '{ __typename }')).toMatchObject({ status: 200 });
});

test('text that speaks of tokens is a syntax error like any other', async () => {
  const refused = refusal(await ask(gateway, '{ a } "Document contains more that 5000 tokens"'));

  expect(refused.code).toBe('GRAPHQL_PARSE_FAILED');
});

test.each([
  ['as it is', {}],
  [
    'with everything, as GraphiQL asks it',
    {
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    },
  ],
])('the introspection query of graphql-js gives the whole schema: %s', async (_how, options) => {
  const { data, errors } = await ask(gateway, getIntrospectionQuery(options), { key: null });

  expect(errors).toBeUndefined();
  const heard = buildClientSchema(data as unknown as IntrospectionQuery); // what introspection gives
  expect(Object.keys(heard.getTypeMap()).sort()).toEqual(Object.keys(schema.getTypeMap()).sort());
  expect(printSchema(heard).length).toBeGreaterThan(10_000);
});
