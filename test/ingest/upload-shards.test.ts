import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway, type TestOrganization } from '../support/start-gateway.ts';
import { type NamedContent, uploadFiles } from './upload-files.ts';
import { countedResults, rowsOfResults } from './upload-rows.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const operation = `mutation ($input: UploadTestReportsInput!, $files: [File!]!) {
  uploadTestReports(input: $input, files: $files) { ... on UploadTestReportsPayload {
    accepted duplicates build { databaseId } submission { databaseId status }
    files { name accepted duplicates } } } }`;

interface Payload {
  readonly accepted: number;
  readonly duplicates: number;
  readonly build: { readonly databaseId: string };
  readonly submission: { readonly databaseId: string; readonly status: string };
  readonly files: readonly unknown[];
}

/** Uploads for the one build of an organization. */
async function upload(
  { key }: TestOrganization,
  files: readonly NamedContent[],
  said: object = {},
): Promise<Payload> {
  const input = {
    repository: { owner: 'acme', name: 'widgets' },
    buildUrl: 'https://ci.example.org/acme/7',
    commitSha: 'c0ffee',
    ...said,
  };
  const { uploadTestReports } = await uploadFiles<{ uploadTestReports: Payload }>(
    gateway,
    operation,
    input,
    files,
    key,
  );
  return uploadTestReports;
}

/** A JUnit report of so many tests, some of which failed. */
function junit(from: number, count: number, time: number): string {
  const cases = Array.from({ length: count }, (_, index) => {
    const failure = (from + index) % 50 === time ? '<failure message="no"/>' : '';
    return `<testcase classname="C" name="t${from + index}" time="${time}">${failure}</testcase>`;
  });
  return `<testsuite name="s">${cases.join('')}</testsuite>`;
}

test('shards of one build that upload at once all land', async () => {
  const organization = await gateway.createOrganization();
  // Each shares half of its tests with the next; the sixth is staged in tables of its own.
  const sizes = Array.from({ length: 12 }, (_, shard) => (shard === 5 ? 6_000 : 200));

  const answers = await Promise.all(
    sizes.map((size, shard) =>
      upload(organization, [[`shard-${shard}.xml`, junit(shard * 100, size, shard)]]),
    ),
  );

  const { testCases, results, evidence, flakyTests } = await rowsOfResults(
    gateway,
    organization.organizationId,
  );
  expect(answers.map(({ accepted }) => accepted)).toEqual(sizes);
  expect(new Set(answers.map(({ build }) => build.databaseId)).size).toBe(1);
  expect(new Set(answers.map(({ submission }) => submission.databaseId)).size).toBe(12);
  expect(results).toHaveLength(200 * 11 + 6_000);
  expect(testCases).toHaveLength(6_500);
  expect(evidence.length).toBeGreaterThan(0);
  expect(flakyTests).toHaveLength(evidence.length);
  expect(await countedResults(gateway, organization.organizationId)).toBe(results.length);
  expect(gateway.logs().filter(({ level }) => level === 'error')).toEqual([]);
}, 60_000);

test('one upload that is sent many times at once is one submission, stored once', async () => {
  const organization = await gateway.createOrganization();
  const files: NamedContent[] = [
    ['a.xml', junit(0, 50, 1)],
    ['b.xml', junit(25, 50, 1)],
  ];

  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      upload(organization, index % 2 === 0 ? files : files.toReversed()),
    ),
  );

  const { organizationId } = organization;
  expect(new Set(answers.map(({ submission }) => submission.databaseId)).size).toBe(1);
  expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(75);
  expect(await countedResults(gateway, organizationId)).toBe(75);
  const health = await gateway.db.prisma.reportFile.findMany({ where: { organizationId } });
  expect(health.map(({ name, accepted, duplicates }) => [name, accepted, duplicates])).toEqual([
    ['a.xml', 50, 0],
    ['b.xml', 25, 25],
  ]);
});

test('a build whose page has a long address takes uploads', async () => {
  const organization = await gateway.createOrganization();
  const buildUrl = `https://ci.example.org/${'x'.repeat(2_000)}`;

  const first = await upload(organization, [['a.xml', junit(0, 1, 1)]], { buildUrl });
  const second = await upload(organization, [['b.xml', junit(1, 1, 1)]], { buildUrl });

  expect([first.accepted, second.accepted]).toEqual([1, 1]);
  expect(second.build).toEqual(first.build);
});
