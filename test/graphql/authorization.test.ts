import { getNamedType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { createKey, revokeMutation } from '../identity/key-operations.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { ask, refusal, send } from './ask.ts';
import { ingestInputs, ingestMutations, ingestNames, recordAll } from './operations.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const reads = [
  '{ viewer { apiKey { name } } }',
  '{ node(id: "x") { id } }',
  '{ nodes(ids: []) { id } }',
  '{ repository(owner: "o", name: "n") { id } }',
  '{ builds { totalCount } }',
  '{ __typename builds { totalCount } }',
  '{ ... { __typename builds { totalCount } } }',
  'fragment F on Query { builds { totalCount } } query { ...F }',
  'subscription { buildUpdated(repositoryId: "x") { id } }',
];

test.each([
  ...reads,
  'mutation { recordBuild(input: { jobName: "ci", status: SUCCESS }) { __typename } }',
])('without a key, this is answered with 401: %s', async (query) => {
  const response = await send(gateway, query, { key: null });

  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  const answer: unknown = await response.json();
  expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(answer).not.toHaveProperty('data');
});

test.each([
  '{ __typename }',
  '{ __schema { queryType { name } } }',
  '{ __type(name: "Build") { name } }',
  'mutation { __typename }',
])('without a key, this is answered: %s', async (query) => {
  expect(await ask(gateway, query, { key: null })).not.toHaveProperty('errors');
});

test('keys that are unknown, malformed, revoked and expired are answered with 401 and the same bytes', async () => {
  const { key } = await gateway.createOrganization();
  const revoked = await createKey(gateway, key, 'READ');
  await gateway.graphql(revokeMutation, { input: { id: revoked.apiKey.id } }, key);
  const expired = await createKey(gateway, key, 'READ');
  await gateway.db.pool.query(
    `UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE hint = $1`,
    [expired.secret.slice(-4)],
  );
  const keys = [
    '0123456789abcdef0123456789abcdef01234567',
    'x',
    'y'.repeat(4_000),
    revoked.secret,
    expired.secret,
  ];

  for (const query of ['{ builds { totalCount } }', '{ __typename }', '{ a']) {
    const responses = await Promise.all(keys.map((bad) => send(gateway, query, { key: bad })));
    const bodies = await Promise.all(responses.map((response) => response.text()));
    const expected = query === '{ a' ? 400 : 401;

    expect(responses.map(({ status }) => status)).toEqual(keys.map(() => expected));
    expect(new Set(bodies).size).toBe(1);
  }
});

describe('a key without READ', () => {
  let ingest: string;
  beforeAll(async () => {
    const { key } = await gateway.createOrganization();
    ingest = (await createKey(gateway, key, 'INGEST', 'MANAGE', 'EXECUTE')).secret;
    await recordAll(gateway, ingest);
  });

  test.each(reads.slice(1))('is told which capability is missing: %s', async (query) => {
    const { data, ...answer } = await ask(gateway, query, { key: ingest });

    const [error] = answer.errors ?? [];
    expect(error?.extensions?.['code']).toBe('FORBIDDEN');
    expect(error?.message).toBe('This needs a key with the READ capability.');
    expect(
      Object.values(data ?? {}).filter((value) => value !== null && value !== 'Query'),
    ).toEqual([]);
  });

  test('stores everything', async () => {
    const answers = await recordAll(gateway, ingest);

    for (const answer of answers) expect(answer).not.toHaveProperty('errors');
    expect(JSON.stringify(answers)).not.toContain('ForbiddenError');
  });

  test.each(ingestNames)('reads nothing through what hangs on the payload of %s', async (name) => {
    for (const selection of hangingOnPayload(name)) {
      const query = ingestMutations[name].replace('{ __typename', `{ ${selection} __typename`);

      const { errors = [] } = await ask(gateway, query, {
        variables: { input: ingestInputs[name] },
        key: ingest,
      });

      expect([selection, errors[0]?.extensions?.['code'] ?? errors[0]?.message]).toEqual([
        selection,
        'FORBIDDEN',
      ]);
    }
  });
});

/** A selection for each connection and relation that can be reached from what a mutation answers. */
function hangingOnPayload(name: string): string[] {
  const payload = `${name.charAt(0).toUpperCase()}${name.slice(1)}Payload`;
  const own = {
    recordBuild: 'build',
    recordSubmission: 'submission',
    recordInvocation: 'invocation',
  };
  return objectFields(payload)
    .filter(({ type }) => type !== 'Reject')
    .flatMap((field) => {
      const isOwn = Object.entries(own).some(
        ([mutation, written]) => mutation === name && written === field.name,
      );
      const below = isOwn
        ? objectFields(field.type).map((inner) => `${field.name} { ${inner.name} { __typename } }`)
        : [`${field.name} { __typename }`];
      return below.map((selection) => `... on ${payload} { ${selection} }`);
    });
}

function objectFields(typename: string): { name: string; type: string }[] {
  const type = schema.getType(typename);
  if (!isObjectType(type)) throw new Error(`${typename} is no object type`);
  return Object.values(type.getFields())
    .map((field) => ({ name: field.name, type: getNamedType(field.type) }))
    .filter((field) => isObjectType(field.type))
    .map((field) => ({ name: field.name, type: field.type.name }));
}

test.each(ingestNames)('a key without INGEST cannot %s', async (name) => {
  const { key } = await gateway.createOrganization();
  const { secret } = await createKey(gateway, key, 'READ', 'MANAGE', 'EXECUTE');
  if (name !== 'recordBuild')
    await gateway.graphql(ingestMutations.recordBuild, { input: ingestInputs.recordBuild }, key);

  const answer = await ask(gateway, ingestMutations[name], {
    variables: { input: ingestInputs[name] },
    key: secret,
  });

  expect(answer).toMatchObject({
    status: 200,
    data: {
      [name]: {
        __typename: 'ForbiddenError',
        message: 'This needs a key with the INGEST capability.',
      },
    },
  });
  expect(answer).not.toHaveProperty('errors');
});

test('a refusal of a whole request holds no data', async () => {
  const refused = refusal(await ask(gateway, '{ builds { totalCount } }', { key: 'nonsense' }));

  expect(refused).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', data: undefined });
});
