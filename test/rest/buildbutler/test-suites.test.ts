import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { aBuild, aCase, aSuite, type Report, resultsOf, shimClient } from './shim-client.ts';

let gateway: TestGateway;
let report: Report;
beforeAll(async () => {
  gateway = await startGateway();
  report = shimClient(gateway);
});

/** Sends bodies for a new build and gives the answers and the results that are there then. */
async function send(...bodies: ((buildId: string) => unknown)[]) {
  const build = aBuild();
  await report('builds', build);
  const answers = [];
  for (const body of bodies) answers.push(await report('tests', body(build.id)));
  return { answers, results: await resultsOf(gateway, build.id) };
}

const one = (fields: object) => (id: string) => aSuite(id, { testCases: [aCase(fields)] });

test.each([
  ['name: `unnamed` if it has none', { name: undefined }, 'unnamed'],
  ['name: null', { name: null }, 'unnamed'],
  ['name: may be the empty string', { name: '' }, ''],
  ['name: a number', { name: 5 }, '5'],
  [
    'totalCount and the others: not believed',
    { totalCount: 'many', passCount: -1, failCount: null },
    'suite',
  ],
  ['duration: floating point', { duration: 2007.0000000000002 }, 'suite'],
  ['duration: null', { duration: null }, 'suite'],
  ['a field nobody knows', { hostname: { a: [1] } }, 'suite'],
])('suite %s', async (_row, fields, suite) => {
  const { answers, results } = await send((id) => aSuite(id, fields));

  expect(answers).toMatchObject([{ status: 201, body: { accepted: 1, rejected: [] } }]);
  expect(results).toMatchObject([{ testCase: { suite, className: 'C', name: 'works' } }]);
});

test.each([
  ['testCases[]: may be empty', []],
  ['testCases[]: absent', undefined],
  ['testCases[]: null', null],
])('suite %s', async (_row, testCases) => {
  const { answers, results } = await send((id) => aSuite(id, { testCases }));

  expect(answers).toMatchObject([{ status: 201, body: { accepted: 0 } }]);
  expect(results).toEqual([]);
});

const longName = 'n'.repeat(20_000);
const longText = 'x'.repeat(1_500_000);

test.each([
  [
    'className: `unknown` if absent',
    { className: undefined },
    { testCase: { className: 'unknown' } },
  ],
  ['className: may be the empty string', { className: '' }, { testCase: { className: '' } }],
  ['testName: `unknown` if absent', { testName: undefined }, { testCase: { name: 'unknown' } }],
  ['testName: may be the empty string', { testName: '' }, { testCase: { name: '' } }],
  [
    'testName: very long',
    { testName: longName },
    { testCase: { name: longName.slice(0, 10_000) } },
  ],
  ['status: PASSED', { status: 'PASSED' }, { status: 'PASSED' }],
  ['status: FAILED', { status: 'FAILED' }, { status: 'FAILED' }],
  ['status: SKIPPED', { status: 'SKIPPED' }, { status: 'SKIPPED' }],
  ['status: ERROR', { status: 'ERROR' }, { status: 'ERRORED', statusRaw: 'ERROR' }],
  ['status: lower case', { status: 'failed' }, { status: 'FAILED', statusRaw: 'failed' }],
  ['status: a word nobody knows', { status: 'Wobbly' }, { status: 'OTHER', statusRaw: 'Wobbly' }],
  ['status: absent', { status: undefined }, { status: 'OTHER', statusRaw: 'unknown' }],
  ['status: a property of every object', { status: 'constructor' }, { status: 'OTHER' }],
  ['duration: fractions such as 1.1', { duration: 1.1 }, { durationUs: 1100 }],
  ['duration: null', { duration: null }, { durationUs: null }],
  ['duration: negative', { duration: -3 }, { durationUs: 0 }],
  ['duration: 3,024,000,000', { duration: 3_024_000_000 }, { durationUs: 3_024_000_000_000 }],
  ['duration: beyond all numbers', { duration: 1e300 }, { durationUs: Number.MAX_SAFE_INTEGER }],
  ['errorMessage: absent', { errorMessage: undefined }, { message: null }],
  ['errorMessage: may be the empty string', { errorMessage: '' }, { message: '' }],
  ['errorMessage: a number', { errorMessage: 7 }, { message: '7' }],
  ['stackTrace: absent', { stackTrace: undefined }, { stackTrace: null }],
  ['stackTrace: a number', { stackTrace: 12_345 }, { stackTrace: '12345' }],
  ['stackTrace: a boolean', { stackTrace: true }, { stackTrace: 'true' }],
  ['stackTrace: an object', { stackTrace: { a: '\0' } }, { stackTrace: '{"a":"\uFFFD"}' }],
  ['text: U+0000', { errorMessage: 'a\0b' }, { message: 'a\uFFFDb' }],
  ['text: a lone surrogate', { errorMessage: 'a\uD800b' }, { message: 'a\uFFFDb' }],
  [
    'text: ANSI escapes',
    { stackTrace: '\u001B[31mred\u001B[0m' },
    { stackTrace: '\u001B[31mred\u001B[0m' },
  ],
])('test case %s', async (_row, fields, stored) => {
  const { answers, results } = await send(one(fields));

  expect(answers).toMatchObject([{ status: 201, body: { accepted: 1, rejected: [] } }]);
  expect(results).toMatchObject([stored]);
});

test('a text of more than a million characters is cut', async () => {
  const { answers } = await send(one({ stackTrace: longText }));

  expect(answers).toMatchObject([{ status: 201, body: { accepted: 1, rejected: [] } }]);
});

test.each([
  ['null', null],
  ['text', 'works'],
  ['a number', 5],
  ['a list', [[]]],
])('a test case that is %s does not cost the others of its suite', async (_what, odd) => {
  const { answers, results } = await send((id) => aSuite(id, { testCases: [odd, aCase()] }));

  expect(answers).toMatchObject([{ status: 201, body: { accepted: 2 } }]);
  expect(results.map(({ testCase }) => testCase.name)).toEqual(['unknown', 'works']);
});

test('a FAILED case with neither message nor trace is stored', async () => {
  const { results } = await send(one({ status: 'FAILED' }));

  expect(results).toMatchObject([{ status: 'FAILED', message: null, stackTrace: null }]);
});

const two = (id: string) => [aSuite(id, { name: 'a' }), aSuite(id, { name: 'b' })];

test.each([
  ['a list of suites', two],
  ['{ buildId, suites }', (buildId: string) => ({ buildId, suites: two(buildId) })],
  [
    '{ buildId, suites } whose suites name no build',
    (buildId: string) => ({
      buildId,
      suites: [
        { name: 'a', testCases: [aCase()] },
        { name: 'b', testCases: aCase() },
      ],
    }),
  ],
])('%s is taken', async (_shape, body) => {
  const { answers, results } = await send(body);

  expect(answers).toMatchObject([{ status: 201, body: { accepted: 2 } }]);
  expect(results.map(({ testCase }) => testCase.suite)).toEqual(['a', 'b']);
});

test.each([
  ['an empty list', () => []],
  ['an empty list of a build', (buildId: string) => ({ buildId, suites: [] })],
])('%s is fine', async (_shape, body) => {
  const { answers } = await send(body);

  expect(answers).toMatchObject([{ status: 201, body: { accepted: 0 } }]);
});

test('two suites of one name with different cases are both kept, in one request or two', async () => {
  const first = (id: string) =>
    aSuite(id, { name: 'unnamed', testCases: [aCase({ testName: 'a' })] });
  const second = (id: string) =>
    aSuite(id, { name: 'unnamed', testCases: [aCase({ testName: 'b' })] });

  const apart = await send(first, second);
  const together = await send((id) => [first(id), second(id)]);

  expect(apart.results.map(({ testCase }) => testCase.name)).toEqual(['a', 'b']);
  expect(together.results.map(({ testCase }) => testCase.name)).toEqual(['a', 'b']);
});

test('the same suite twice is stored once, in one request or two', async () => {
  const apart = await send(
    (id) => aSuite(id),
    (id) => aSuite(id),
  );
  const together = await send((id) => [aSuite(id), aSuite(id)]);

  expect(apart.answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(apart.results).toHaveLength(1);
  expect(together.results).toHaveLength(1);
});

test('two cases of one name in a suite are attempts of one test', async () => {
  const testCases = [aCase({ status: 'FAILED' }), aCase({ status: 'PASSED' })];

  const { results } = await send((id) => aSuite(id, { testCases }));

  expect(results).toMatchObject([
    { attempt: 1, status: 'FAILED' },
    { attempt: 2, status: 'PASSED' },
  ]);
});

test('a suite of 45,000 cases is stored whole, its attempts numbered through', async () => {
  const build = aBuild();
  await report('builds', build);
  const testCases = Array.from({ length: 45_000 }, (_, index) =>
    aCase({ testName: `t${index % 22_500}`, duration: index }),
  );

  const first = await report('tests', aSuite(build.id, { testCases }));
  const again = await report('tests', aSuite(build.id, { testCases }));

  expect(first).toMatchObject({ status: 201, body: { accepted: 45_000, duplicates: 0 } });
  expect(again).toMatchObject({ status: 201, body: { accepted: 0, duplicates: 45_000 } });
  const { testResult } = gateway.db.prisma;
  expect(await testResult.count({ where: { buildId: build.id, attempt: 2 } })).toBe(22_500);
}, 60_000);

test.each([
  ['absent', undefined],
  ['no UUID', 'nope'],
  ['a number', 5],
  ['null', null],
])('a suite whose buildId is %s is refused: it belongs to nothing', async (_what, buildId) => {
  const answer = await report('tests', { ...aSuite(''), buildId });

  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_request' } } });
});

test('a suite for an unknown build is kept, and attached when the build comes under an alias', async () => {
  const alias = randomUUID();
  const externalRunId = randomUUID();
  const stored = await report('builds', aBuild({ id: undefined, externalRunId }));

  const early = await report('tests', aSuite(alias));
  await report('builds', aBuild({ id: alias, externalRunId }));

  expect(early).toEqual({ status: 202, body: { accepted: 1, held: true } });
  expect(await resultsOf(gateway, stored.body['id'])).toHaveLength(1);
});

test("another organization's build is answered like one that is not there", async () => {
  const other = await gateway.createOrganization();
  const theirs = aBuild();
  await report('builds', theirs, other.key);

  const known = await report('tests', aSuite(theirs.id));
  const unknown = await report('tests', aSuite(randomUUID()));

  expect(known).toEqual(unknown);
  expect(await gateway.db.prisma.testResult.count({ where: { buildId: theirs.id } })).toBe(0);
});

test('results of a build of which no repository is known wait until it is', async () => {
  const said = { id: randomUUID(), jobName: 'j', status: 'SUCCESS' };
  const record = `mutation($input: RecordBuildInput!) { recordBuild(input: $input) { __typename } }`;
  await gateway.graphql(record, { input: said });

  const early = await report('tests', aSuite(said.id));
  await report('builds', aBuild({ id: said.id }));

  expect(early.status).toBe(202);
  expect(await resultsOf(gateway, said.id)).toHaveLength(1);
});

test('results that differ in their stack trace alone are both kept, and sent again each is stored once', async () => {
  const build = aBuild();
  await report('builds', build);
  const traces = [{ stackTrace: 'at a' }, { stackTrace: 'at b' }, {}];
  const suites = traces.map((fields) =>
    aSuite(build.id, { testCases: [aCase({ status: 'FAILED', ...fields })] }),
  );

  for (const suite of [...suites, ...suites]) await report('tests', suite);

  const stored = await resultsOf(gateway, build.id);
  expect(stored.map(({ stackTrace }) => stackTrace ?? '').sort()).toEqual(['', 'at a', 'at b']);
});
