import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { ask, refusal, send } from './ask.ts';
import { ingestInputs, ingestMutations, recordAll } from './operations.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

describe('an error nobody expects', () => {
  let broken: TestGateway;
  beforeAll(async () => {
    broken = await startGateway();
    await recordAll(broken, broken.key);
    await broken.db.pool.query('ALTER TABLE stages RENAME TO stages_that_are_gone');
  });

  test.each([
    ['a list', '{ stages { nodes { name } } }'],
    ['a nested list', '{ builds { nodes { jobName stages { nodes { name } } } } }'],
    [
      'a mutation',
      `mutation { recordStages(input: { buildId: "0190a1b2-0000-7000-8000-000000000001", stages: [{ order: 1, name: "x", status: SUCCESS }] }) { __typename } }`,
    ],
  ])(
    'in %s is answered with an id that is in the log, and nothing of the SQL',
    async (_where, query) => {
      const answer = await ask(broken, query);

      const [error] = answer.errors ?? [];
      const errorId = error?.extensions?.['errorId'];
      expect(error?.message).toBe(
        `Unexpected error. It is in the log of the gateway as ${String(errorId)}.`,
      );
      expect(error?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', errorId });
      expect(JSON.stringify(answer)).not.toMatch(
        /gone|relation|SELECT|INSERT|42P01|postgres|\.ts/i,
      );
      const logged = broken.logs().filter((line) => line['errorId'] === errorId);
      expect(logged).toHaveLength(1);
      expect(JSON.stringify(logged)).toContain('relation');
    },
  );

  test('hides nothing of what else was asked for', async () => {
    const query = '{ node(id: "x") { id } stages { totalCount } }';
    const nullable = '{ viewer { organization { name } } }';

    expect((await ask(broken, query)).errors?.[0]?.path).toEqual(['stages']);
    expect(await ask(broken, nullable)).not.toHaveProperty('errors');
  });

  test('in the look-up of the key is a 500 of the whole request', async () => {
    const other = await startGateway();
    await other.db.pool.query('ALTER TABLE api_keys RENAME TO keys_that_are_gone');

    const answer = await ask(other, '{ viewer { organization { name } } }');

    expect(answer).toMatchObject({
      status: 500,
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(answer).not.toHaveProperty('data');
    expect(JSON.stringify(answer)).not.toMatch(/gone|relation/);
  });
});

test('one of several operations is run by its name', async () => {
  const query = 'query A { a: __typename } query B { b: __typename }';

  expect(await ask(gateway, query, { operationName: 'A' })).toMatchObject({ data: { a: 'Query' } });
  expect(await ask(gateway, query, { operationName: 'B' })).toMatchObject({ data: { b: 'Query' } });
  expect(refusal(await ask(gateway, query, { operationName: 'C' }))).toMatchObject({
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
  });
  expect(refusal(await ask(gateway, query))).toMatchObject({
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
  });
});

test.each([
  [
    'recordBuild',
    { ...ingestInputs.recordBuild, jobName: '', number: -1, attempt: 0 },
    [
      ['input', 'jobName'],
      ['input', 'number'],
      ['input', 'attempt'],
    ],
  ],
  ['recordBuild', { jobName: 'ci', status: 'SUCCESS' }, [['input']]],
  [
    'recordBuild',
    { ...ingestInputs.recordBuild, repository: { owner: '', name: 'x'.repeat(300) } },
    [
      ['input', 'repository', 'owner'],
      ['input', 'repository', 'name'],
    ],
  ],
  ['recordStages', { ...ingestInputs.recordStages, buildId: 'nonsense' }, [['input', 'buildId']]],
  [
    'recordTestResults',
    { ...ingestInputs.recordTestResults, buildId: 'nonsense' },
    [['input', 'buildId']],
  ],
  ['recordSubmission', { ...ingestInputs.recordSubmission, key: '' }, [['input', 'key']]],
  ['recordInvocation', { ...ingestInputs.recordInvocation, id: 'nonsense' }, [['input', 'id']]],
] as const)(
  '%s answers a wrong input with the path of each problem',
  async (name, input, paths) => {
    const { data, errors } = await ask(gateway, ingestMutations[name], { variables: { input } });

    expect(errors).toBeUndefined();
    const result = data?.[name] as {
      __typename: string;
      issues: { path: string[]; message: string }[];
    }; // as the mutation asks
    expect(result.__typename).toBe('ValidationError');
    expect(result.issues.map(({ path }) => path)).toEqual(
      expect.arrayContaining(paths.map((path) => [...path])),
    );
    for (const { message } of result.issues) expect(message).not.toBe('');
  },
);

const filtered = 'query($filter: BuildFilter) { builds(filter: $filter) { totalCount } }';
test.each([
  [
    'a number',
    'query($n: Int) { builds(first: $n) { totalCount } }',
    { n: 'five' },
    '"$n"',
    'Int cannot represent',
  ],
  [
    'a fraction',
    'query($n: Int) { builds(first: $n) { totalCount } }',
    { n: 1.5 },
    '"$n"',
    'Int cannot represent',
  ],
  [
    'a time',
    filtered,
    { filter: { startedAt: { from: 'yesterday' } } },
    'filter.startedAt.from',
    'DateTime cannot represent',
  ],
  [
    'an enum',
    filtered,
    { filter: { status: ['SUCCESS', 'GREAT'] } },
    'filter.status[1]',
    'does not exist in "BuildStatus"',
  ],
  ['a big number', filtered, { filter: { pullRequest: 2 ** 60 } }, 'filter.pullRequest', 'SafeInt'],
  [
    'an unknown field',
    filtered,
    { filter: { colour: 'red' } },
    '"$filter"',
    'Field "colour" is not defined',
  ],
  [
    'a list for an object',
    filtered,
    { filter: [] },
    '"$filter"',
    'Expected type "BuildFilter" to be an object',
  ],
  ['nothing', ingestMutations.recordBuild, {}, '"$input"', 'was not provided'],
  [
    'half an input',
    ingestMutations.recordBuild,
    { input: { jobName: 'ci' } },
    '"$input"',
    'Field "status" of required type',
  ],
])(
  'a variable of a wrong type is refused with its place: %s',
  async (_what, query, variables, place, says) => {
    // The third run is graphql-jit's, where there is one.
    const runs = [
      refusal(await ask(gateway, query, { variables })),
      refusal(await ask(gateway, query, { variables })),
      refusal(await ask(gateway, query, { variables })),
    ];

    for (const refused of runs) {
      expect(refused).toMatchObject({ status: 400, code: 'BAD_USER_INPUT', data: undefined });
      expect(refused.message).toContain(place);
      expect(refused.message).toContain(says);
    }
  },
);

test('a cursor that is none is refused with the argument', async () => {
  const { data, errors } = await ask(gateway, '{ builds(after: "nonsense") { totalCount } }');

  expect(data).toBeNull();
  expect(errors).toMatchObject([
    { path: ['builds'], extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] } },
  ]);
});

test('no key is in an answer or in the log, wherever it was sent', async () => {
  const { key } = await gateway.createOrganization();
  const places = [
    send(gateway, '{ builds { totalCount } }', { key }),
    send(gateway, `{ builds(filter: { text: "${key}" }) { totalCount } }`),
    send(gateway, '{ builds { totalCount } }', { key: `${key} ${key}` }),
    fetch(new URL(`/graphql?key=${key}&query={viewer{apiKey{hint}}}`, gateway.url), {
      headers: { 'x-api-key': key },
    }),
    fetch(new URL(`/nowhere/${key}`, gateway.url), { headers: { authorization: `Basic ${key}` } }),
  ];

  const answers = await Promise.all(places.map(async (place) => (await place).text()));

  expect(answers.join()).not.toContain(key);
  expect(JSON.stringify(gateway.logs())).not.toContain(key);
});
