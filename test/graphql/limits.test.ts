import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { ask, refusal, send } from './ask.ts';
import {
  aliases,
  characters,
  directives,
  doubling,
  introspection,
  introspectionThroughFragments,
  levels,
  stagesOfAll,
  tokens,
} from './large-documents.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

/** Of so many repositories, each with 960 intervals. */
const statisticsOfAll = (first: number) => `{ repositories(first: ${first}) { nodes {
  statistics(window: { days: 40 }, interval: HOUR) { total { count } } } } }`;

const comparisons = (count: number) => {
  const fields = Array.from(
    { length: count },
    (_, index) => `c${index}: coFailureClusters(repository: "acme/widgets") { totalCount }`,
  );
  return `{ ${fields.join(' ')} }`;
};

const stagesByTheHour = (
  first: number,
) => `{ stageStatistics(repository: "acme/widgets", first: ${first},
  window: { days: 40 }, interval: HOUR) { statistics { total { count } } } }`;

const fourFields = 'id name order status';
const fiveFields = 'id name order status durationMs';

describe.each([
  {
    limit: 'depth',
    within: levels(15),
    over: levels(16),
    code: 'QUERY_TOO_COMPLEX',
    says: /16 levels deep; the limit is 15\. Ask for the inner part by its id/,
  },
  {
    limit: 'complexity',
    within: stagesOfAll(fourFields),
    over: stagesOfAll(fiveFields),
    code: 'QUERY_TOO_COMPLEX',
    says: /may cost 50101 points; the limit is 50000\..* ask for smaller pages/,
  },
  {
    limit: 'complexity of intervals',
    within: statisticsOfAll(50),
    over: statisticsOfAll(100),
    code: 'QUERY_TOO_COMPLEX',
    says: /longer intervals/,
  },
  {
    limit: 'complexity of intervals in variables',
    within: `{ ${statisticsOfAll(50).slice(1, -1)} }`,
    over: `query ($days: Int = 40) ${statisticsOfAll(100).replace('days: 40', 'days: $days')}`,
    code: 'QUERY_TOO_COMPLEX',
    says: /longer intervals/,
  },
  {
    limit: 'complexity of whole repositories',
    within: comparisons(9),
    over: comparisons(10),
    code: 'QUERY_TOO_COMPLEX',
    says: /comparisons of whole repositories/,
  },
  {
    limit: 'complexity of intervals in a list',
    within: stagesByTheHour(20),
    over: stagesByTheHour(100),
    code: 'QUERY_TOO_COMPLEX',
    says: /longer intervals/,
  },
  {
    limit: 'complexity beside a page size below zero',
    within: comparisons(9),
    over: comparisons(10).replace(/}$/, stagesByTheHour(-100).slice(1)),
    code: 'QUERY_TOO_COMPLEX',
    says: /comparisons of whole repositories/,
  },
  {
    limit: 'aliases',
    within: `{ ${aliases(30)} }`,
    over: `{ ${aliases(31)} }`,
    code: 'DOCUMENT_TOO_LARGE',
    says: /31 aliases; the limit is 30\. Ask for many things of a kind with/,
  },
  {
    limit: 'directives',
    within: directives(50),
    over: directives(51),
    code: 'DOCUMENT_TOO_LARGE',
    says: /51 directives; the limit is 50\. Put one/,
  },
  {
    limit: 'tokens',
    within: tokens(5_000),
    over: tokens(5_001),
    code: 'DOCUMENT_TOO_LARGE',
    says: /more than 5000 tokens, the limit\. Send values as variables/,
  },
  {
    limit: 'characters',
    within: characters(100_000),
    over: characters(100_001),
    code: 'DOCUMENT_TOO_LARGE',
    says: /100001 characters; the limit is 100000\. Send values as variables/,
  },
  {
    limit: 'introspection depth',
    within: introspection(20),
    over: introspection(21),
    code: 'DOCUMENT_TOO_LARGE',
    says: /introspection is 21 levels deep; the limit is 20\. Ask for fewer/,
  },
  {
    limit: 'introspection depth, through fragments',
    within: introspectionThroughFragments(20),
    over: introspectionThroughFragments(21),
    code: 'DOCUMENT_TOO_LARGE',
    says: /introspection is 21 levels deep; the limit is 20\. Ask for fewer/,
  },
  {
    limit: 'aliases of an introspection',
    within: `{ __schema { ${aliases(5)} } }`,
    over: `{ __schema { ${aliases(6)} } }`,
    code: 'DOCUMENT_TOO_LARGE',
    says: /introspection has 6 aliases; the limit is 5\. Ask for each list once/,
  },
  {
    limit: 'how often the schema is asked for',
    within: `{ ${aliases(5, '__schema { description }')} }`,
    over: `{ ${aliases(6, '__schema { description }')} }`,
    code: 'DOCUMENT_TOO_LARGE',
    says: /asks for __schema 6 times; the limit is 5\. Ask for it once/,
  },
  {
    limit: 'fields that fragments stand for',
    within: `{ builds(first: 1) { ...F0 } } ${doubling(13, 'BuildConnection', 'totalCount')}`,
    over: `{ builds(first: 1) { ...F0 } } ${doubling(14, 'BuildConnection', 'totalCount')}`,
    code: 'DOCUMENT_TOO_LARGE',
    says: /selects 8193 fields.* the limit is 5000\. Spread fragments less often/,
  },
])('the limit of $limit', ({ within, over, code, says }) => {
  test('lets through what is just within it', async () => {
    expect(await ask(gateway, within)).not.toHaveProperty('errors');
  });

  test('refuses what is just over it, and says how to stay under', async () => {
    const refused = refusal(await ask(gateway, over));

    expect(refused).toMatchObject({ status: 400, code, count: 1 });
    expect(refused.data).toBeUndefined();
    expect(refused.message).toMatch(says);
  });
});

test.each([
  ['a fragment', `{ ...All } fragment All on Query ${stagesOfAll(fiveFields)}`],
  ['@include', stagesOfAll(fiveFields).replace('100)', '100) @include(if: true)')],
  ['an inline fragment', stagesOfAll(`... on Stage { ${fiveFields} }`)],
  ['last instead of first', stagesOfAll(fiveFields).replaceAll('first', 'last')],
  ['edges instead of nodes', stagesOfAll(fiveFields).replace('nodes', 'edges { node').concat('}')],
  ['an alias', stagesOfAll(fiveFields).replace('builds', 'a: builds')],
])('complexity is counted through %s', async (_through, query) => {
  expect(refusal(await ask(gateway, query)).code).toBe('QUERY_TOO_COMPLEX');
});

test('complexity is counted for the operation that is run', async () => {
  const query = `query Small { builds { totalCount } } query Large ${stagesOfAll(fiveFields)}`;

  const small = await ask(gateway, query, { operationName: 'Small' });
  const large = await ask(gateway, query, { operationName: 'Large' });

  expect(small).not.toHaveProperty('errors');
  expect(refusal(large).code).toBe('QUERY_TOO_COMPLEX');
});

test('complexity counts the page size that a variable or its default gives', async () => {
  const query = `query($size: Int = 100) ${stagesOfAll(fiveFields).replaceAll('100', '$size')}`;

  expect(refusal(await ask(gateway, query)).code).toBe('QUERY_TOO_COMPLEX');
  expect(refusal(await ask(gateway, query, { variables: { size: 100 } })).code).toBe(
    'QUERY_TOO_COMPLEX',
  );
  expect(await ask(gateway, query, { variables: { size: 10 } })).not.toHaveProperty('errors');
});

test.each([
  ['first', '{ builds(first: 101) { totalCount } }', 'first: must be from 0 to 100, not 101'],
  ['last', '{ builds(last: 101) { totalCount } }', 'last: must be from 0 to 100, not 101'],
  ['a size below 0', '{ builds(first: -1) { totalCount } }', 'must be from 0 to 100, not -1'],
  ['a huge size', `{ builds(first: 2000000000) { nodes { ${fiveFields} } } }`, 'from 0 to 100'],
  ['nodes', `{ nodes(ids: [${'"x" '.repeat(101)}]) { id } }`, 'ids: must be at most 100, not 101'],
])('a page of a wrong size is refused as that: %s', async (_what, query, says) => {
  const asked = query.replace(fiveFields, 'stages { nodes { id } }');

  const refused = refusal(await ask(gateway, asked));

  expect(refused.code).toBe('BAD_USER_INPUT');
  expect(refused.message).toContain(says);
});

test('100 nodes are not too many', async () => {
  const ids = Array.from({ length: 100 }, () => 'x');

  const { data } = await ask(gateway, 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    variables: { ids },
  });

  expect(data?.['nodes']).toEqual(ids.map(() => null));
});

test('a subscription over the limits is refused at once, and hears nothing', async () => {
  const query = `subscription { buildUpdated(repositoryId: "x") { repository ${levels(15)} } }`;

  const response = await gateway.post('/graphql', { query }, { accept: 'text/event-stream' });

  expect(response.status).toBe(400);
  expect(await response.text()).toContain('17 levels deep; the limit is 15');
  expect(gateway.openSubscriptions()).toBe(0);
});

test('a mutation over the limits stores nothing', async () => {
  const { key } = await gateway.createOrganization();
  const query = `mutation {
    recordBuild(input: { jobName: "ci", number: 1, status: SUCCESS }) {
      ... on RecordBuildPayload { build { repository ${levels(14)} } }
    }
  }`;

  const refused = refusal(await ask(gateway, query, { key }));

  expect(refused).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
  const { data } = await ask(gateway, '{ builds { totalCount } }', { key });
  expect(data).toEqual({ builds: { totalCount: 0 } });
});

test('a query of everyday size costs a small part of what is allowed', async () => {
  // The nested read of the benchmark, thirty times in one document.
  const nestedRead = `builds(first: 20) { nodes {
    id jobName number status durationMs startedAt branch commitSha
    stages(first: 5) { nodes { name status durationMs } }
    testResults(first: 10) { nodes { status durationUs } }
  } }`;

  expect(await ask(gateway, `{ ${aliases(30, nestedRead)} }`)).not.toHaveProperty('errors');
});

test('a full page of builds with a page of stages and of results each is allowed', async () => {
  const query = `{ builds(first: 100) { nodes {
    id jobName number status durationMs startedAt branch commitSha
    stages { nodes { name status durationMs startedAt order } }
    testResults { nodes { status durationUs attempt testCase { suite className name } } }
  } } }`;

  expect(await ask(gateway, query)).not.toHaveProperty('errors');
});

test('a refusal for its size is the same the second time, when the document is known', async () => {
  const first = await send(gateway, stagesOfAll(fiveFields));
  const second = await send(gateway, stagesOfAll(fiveFields));

  expect(await second.text()).toBe(await first.text());
});
