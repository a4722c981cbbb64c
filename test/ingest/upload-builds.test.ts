import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { uploadFiles } from './upload-files.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const operation = `mutation ($input: UploadTestReportsInput!, $files: [File!]!) {
  uploadTestReports(input: $input, files: $files) { __typename
    ... on UploadTestReportsPayload { accepted rejectedCount build { databaseId } files { attempts rejected { index name reason } warnings problem } }
    ... on ValidationError { issues { path message } } } }`;

interface Answer {
  readonly __typename: string;
  readonly build: { readonly databaseId: string };
}

async function upload(input: object, content: string): Promise<Answer> {
  const data = await uploadFiles(gateway, operation, input, [['report', content]]);
  return data['uploadTestReports'] as Answer;
}

function junit(name: string, body = ''): string {
  return `<testsuite name="s"><testcase name="${name}" time="1">${body}</testcase></testsuite>`;
}

test.each([
  ['first', { commitSha: 'aaa1', branch: 'main' }, {}],
  ['last', {}, { commitSha: 'aaa1', branch: 'main', status: 'FAILURE' }],
])('a build ends with the facts of all its uploads: said %s', async (when, first, second) => {
  const repository = { owner: 'acme', name: `facts-${when}` };
  await upload({ repository, number: 1, ...first }, junit('a', '<failure message="no"/>'));
  await upload({ repository, number: 1, ...second }, junit('a'));

  await gateway.settleAnalytics();
  const { data } = await gateway.graphql(
    `query ($repository: String!) { builds(filter: {repository: $repository}) { nodes { branch commitSha
      testResults { nodes { commitSha codeState branch } } } }
      flakyTests(filter: {repository: $repository}) { totalCount } }`,
    { repository: `acme/facts-${when}` },
  );

  const result = { commitSha: 'aaa1', codeState: 'aaa1', branch: 'main' };
  expect(data).toEqual({
    builds: {
      nodes: [{ branch: 'main', commitSha: 'aaa1', testResults: { nodes: [result, result] } }],
    },
    flakyTests: { totalCount: 1 },
  });
});

test('a build of another repository is refused, and nothing is stored', async () => {
  const repository = { owner: 'acme', name: 'one' };
  const { build } = await upload({ repository, number: 1 }, junit('a'));

  const other = { owner: 'acme', name: 'two' };
  const answer = await upload({ repository: other, buildId: build.databaseId }, junit('b'));

  expect(answer).toMatchObject({
    __typename: 'ValidationError',
    issues: [{ path: ['input', 'repository'] }],
  });
  const { data } = await gateway.graphql(
    `{ submissions(filter: {repository: "acme/two"}) { totalCount } }`,
  );
  expect(data).toEqual({ submissions: { totalCount: 0 } });
});

test('an attempt that is refused costs the others nothing, whatever its name', async () => {
  const names = [
    `a\u0000b${'x'.repeat(10_001)}`,
    `${'x'.repeat(511)}😀${'y'.repeat(10_000)}`,
    'good',
  ];
  const tests = names.map((name) => ({ name, status: 'passed', duration: 1 }));
  const report = { results: { tool: { name: 't' }, summary: { tests: 3 }, tests } };

  const answer = await upload(
    { repository: { owner: 'acme', name: 'odd' }, number: 1 },
    JSON.stringify(report),
  );

  expect(answer).toMatchObject({
    accepted: 1,
    rejectedCount: 2,
    files: [{ attempts: 3, rejected: [{ index: 0 }, { index: 1 }] }],
  });
});

test('properties too many, or of names too long, are left out with a warning', async () => {
  const property = (name: string) => `<property name="${name}" value="v"/>`;
  const many = Array.from({ length: 101 }, (_, index) => property(`p${index}`)).join('');

  const answer = await upload(
    { repository: { owner: 'acme', name: 'many' }, number: 1 },
    junit('a', `<properties>${property('n'.repeat(300))}${many}</properties>`),
  );

  expect(answer).toMatchObject({
    accepted: 1,
    files: [{ warnings: ['Of a test only 100 of 102 properties are kept.'] }],
  });
});

test('the variant comes from properties of the report alone', async () => {
  const variantFrom = ['__proto__', 'constructor', 'os'];
  await upload(
    { repository: { owner: 'acme', name: 'variants' }, number: 1, variantFrom },
    junit('a', '<properties><property name="os" value="linux"/></properties>'),
  );

  const { data } = await gateway.graphql(
    `{ testCases(filter: {repository: "acme/variants"}) { nodes { variant } } }`,
  );
  expect(data).toEqual({ testCases: { nodes: [{ variant: 'os=linux' }] } });
});

test('a web page too long for a submission is no obstacle', async () => {
  const buildUrl = `https://ci.example.org/${'x'.repeat(600)}`;

  const answer = await upload(
    { repository: { owner: 'acme', name: 'long' }, buildUrl },
    junit('a'),
  );

  expect(answer).toMatchObject({ accepted: 1 });
});
