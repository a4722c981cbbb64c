import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { packTar } from '../formats/archive-packers.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { type NamedContent, uploadFiles } from './upload-files.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const fixture = (path: string) => readFileSync(new URL(`../fixtures/${path}`, import.meta.url));

/** A report of each format there is. */
const reports = {
  CTRF: 'ctrf/examples/with-retries.json',
  CUCUMBER_JSON: 'cucumber/handmade/cucumber-js.json',
  CUCUMBER_MESSAGES: 'cucumber/handmade/messages.ndjson',
  DART: 'dart/dorny/dart-json.json',
  GO_TEST: 'go-test/handmade/count.json',
  JEST: 'jest/handmade/jest.json',
  JUNIT: 'junit/mikepenz/junit_flaky_failure/mixed_flaky_and_passed.xml',
  MOCHA: 'mocha/handmade/retries.json',
  NUNIT2: 'nunit2/nunit-2.6.xml',
  NUNIT3: 'junit/dorny/dotnet-nunit.xml',
  PLAYWRIGHT: 'playwright/handmade/projects.json',
  RSPEC: 'rspec/dorny/rspec-json.json',
  TRX: 'junit/nasamin-trx/failing-tests/dummy-tests.trx',
  XUNIT: 'xunit/xunit-2.xml',
} as const;
const formats = Object.keys(reports);

interface FileRow {
  readonly name: string;
  readonly format: string | null;
  readonly attempts: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejectedCount: number;
  readonly problem: string | null;
  readonly warnings: readonly string[];
}

interface Payload {
  readonly files: readonly FileRow[];
  readonly submission: { readonly id: string; readonly status: string };
}

const fileFields = 'name format attempts accepted duplicates rejectedCount problem warnings';
const operation = `mutation ($input: UploadTestReportsInput!, $files: [File!]!) {
  uploadTestReports(input: $input, files: $files) { ... on UploadTestReportsPayload {
    submission { id status } files { ${fileFields} } } } }`;

/** Uploads for a build with a number of its own. */
async function upload(number: number, said: object, files: readonly NamedContent[]) {
  const input = {
    repository: { owner: 'acme', name: `r${number}` },
    number,
    startedAt: '2026-05-10T08:00:00Z',
    ...said,
  };
  const { uploadTestReports } = await uploadFiles<{ uploadTestReports: Payload }>(
    gateway,
    operation,
    input,
    files,
  );
  return uploadTestReports;
}

interface ResultRow {
  readonly status: string;
  readonly attempt: number;
  readonly recordedAt: string;
  readonly testCase: { readonly name: string; readonly variant: string };
}

/** Results of a submission. */
async function resultsOf(id: string): Promise<readonly ResultRow[]> {
  const { data } = await gateway.graphql<{
    node: { testResults: { nodes: readonly ResultRow[] } };
  }>(
    `query ($id: ID!) { node(id: $id) { ... on Submission { testResults(first: 100) {
      nodes { status attempt recordedAt testCase { name variant } } } } } }`,
    { id },
  );
  return data?.node.testResults.nodes ?? [];
}

/** The variants of tests by their names. */
async function variantsOf(id: string): Promise<Record<string, string[]>> {
  const variants: Record<string, string[]> = {};
  for (const { testCase } of await resultsOf(id)) {
    const known = (variants[testCase.name] ??= []);
    if (!known.includes(testCase.variant)) known.push(testCase.variant);
  }
  for (const known of Object.values(variants)) known.sort();
  return variants;
}

test('an archive with a report of every format is read as what each file is', async () => {
  const { data: known } = await gateway.graphql<{ __type: { enumValues: { name: string }[] } }>(
    '{ __type(name: "ReportFormat") { enumValues { name } } }',
  );
  const contents = Object.entries(reports).map(([name, path]) => ({ name, bytes: fixture(path) }));
  const archive = gzipSync(await packTar(contents));

  const { submission, files } = await upload(1, {}, [['reports.tgz', archive]]);

  const { data } = await gateway.graphql<{ node: { health: { nodes: FileRow[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Submission { health { nodes { ${fileFields} } } } } }`,
    { id: submission.id },
  );
  expect(known?.__type.enumValues.map(({ name }) => name).sort()).toEqual(formats);
  expect(data?.node.health.nodes).toEqual(files);
  expect(files.map(({ name, format, problem }) => [name, format, problem])).toEqual(
    formats.map((format) => [expect.stringContaining(format) as string, format, null]),
  );
  expect(files.filter(({ attempts, accepted }) => attempts === 0 || accepted !== attempts)).toEqual(
    [],
  );
});

test('a test of Playwright in two projects is two tests', async () => {
  const { submission } = await upload(2, {}, [['p.json', fixture(reports.PLAYWRIGHT)]]);

  expect(await variantsOf(submission.id)).toMatchObject({
    'shows the form': ['project=chromium', 'project=firefox'],
  });
});

const ctrf = (...tests: readonly object[]) =>
  JSON.stringify({
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    results: { tool: { name: 'x' }, summary: {}, tests },
  });
const passed = { name: 'a', status: 'passed', duration: 1 };

test('browser and device of a CTRF report make the variant, unless the uploader wants none', async () => {
  const report = ctrf(
    { ...passed, browser: 'firefox' },
    { ...passed, browser: 'chrome', device: 'phone' },
  );

  const usual = await upload(3, {}, [['r.json', report]]);
  const none = await upload(4, { variantFrom: [] }, [['r.json', report]]);

  expect(await variantsOf(usual.submission.id)).toEqual({
    a: ['browser=chrome, device=phone', 'browser=firefox'],
  });
  expect(await variantsOf(none.submission.id)).toEqual({ a: [''] });
});

test('properties that the uploader names, and a variant of its own, make tests of their own', async () => {
  const report = `<testsuite name="s"><properties><property name="os" value="linux"/></properties>
    <testcase name="a" time="1"/>
    <testcase name="b" time="1"><properties><property name="os" value="mac"/></properties></testcase></testsuite>`;

  const named = await upload(5, { variantFrom: ['os', 'arch'] }, [['r.xml', report]]);
  const both = await upload(5, { variantFrom: ['os'], variant: 'nightly' }, [['r.xml', report]]);
  const given = await upload(5, { variant: 'nightly' }, [['r.xml', report]]);

  expect(await variantsOf(named.submission.id)).toEqual({ a: ['os=linux'], b: ['os=mac'] });
  expect(await variantsOf(both.submission.id)).toEqual({
    a: ['nightly, os=linux'],
    b: ['nightly, os=mac'],
  });
  expect(await variantsOf(given.submission.id)).toEqual({ a: ['nightly'], b: ['nightly'] });
  expect([named, both, given].map(({ files }) => files[0]?.accepted)).toEqual([2, 2, 2]);
});

test('a report that is not of the format named is a problem, and the others are read', async () => {
  const { submission, files } = await upload(6, { format: 'JEST' }, [
    ['jest.json', fixture(reports.JEST)],
    ['junit.xml', '<testsuite name="s"><testcase name="a" time="1"/></testsuite>'],
    ['mocha.json', fixture(reports.MOCHA)],
  ]);

  expect(submission.status).toBe('PROCESSED');
  expect(files.map(({ name, problem }) => [name, problem === null])).toEqual([
    ['jest.json', true],
    ['junit.xml', false],
    ['mocha.json', false],
  ]);
});

test.each([
  [
    'before 1970',
    -1,
    [
      'The time 1969-12-31T23:59:59.999Z of a test is not used: it lies before 1970, or after the upload.',
    ],
  ],
  ['after the upload', Date.UTC(2200, 0, 1), [expect.stringContaining('2200-01-01')]],
  ['beyond all dates', 9e15, []],
])('a time %s is not used', async (_what, start, warnings) => {
  const { submission, files } = await upload(7, { variant: String(start) }, [
    ['r.json', ctrf({ ...passed, start }, { ...passed, name: 'b', start: 1_750_000_000_000 })],
  ]);

  expect(files).toMatchObject([{ accepted: 2, warnings }]);
  expect(
    (await resultsOf(submission.id))
      .map(({ testCase, recordedAt }) => [testCase.name, recordedAt])
      .sort(),
  ).toEqual([
    ['a', '2026-05-10T08:00:00.000Z'],
    ['b', new Date(1_750_000_000_000).toISOString()],
  ]);
});
