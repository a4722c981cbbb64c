import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { models } from '../../src/db/columns.ts';
import { expireRawFiles } from '../../src/ingest/expire-raw-files.ts';
import { finishSubmissions } from '../../src/ingest/finish-submissions.ts';
import { createLog } from '../../src/log.ts';
import { createKey } from '../identity/key-operations.ts';
import { spooledFiles } from '../support/spooled-files.ts';
import { startGateway, type TestGateway, type TestOrganization } from '../support/start-gateway.ts';
import { type NamedContent, uploadFiles } from './upload-files.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const fixture = (path: string) => readFileSync(new URL(`../fixtures/${path}`, import.meta.url));

const uploads: Readonly<Record<string, readonly NamedContent[]>> = {
  TestReports: [
    [
      'b.xml',
      '<testsuite name="s"><testcase name="a" time="1"><failure message="m"/></testcase></testsuite>',
    ],
    ['a.json', fixture('jest/handmade/jest.json')],
    ['a.xml', '<testsuite name="s"><testcase name="a" time="1"/><testcase name="b"'],
  ],
  Coverage: [
    ['b.info', 'SF:a.ts\nDA:1,1\nend_of_record\n'],
    ['a.info', 'SF:a.ts\nDA:2,0\nend_of_record\n'],
  ],
  SecurityReport: [['x.sarif', fixture('sarif/valid/FlawFinder.ValidResults.sarif')]],
};
const kinds = Object.keys(uploads);

const readOfFiles = [
  ...['flaky_tests', 'flaky_evidence', 'test_results', 'test_cases'],
  ...['report_files', 'coverage_reports', 'security_reports'],
];

/** Uploads the files of one kind and gives the id of the submission. */
async function upload(kind: string, { key }: Pick<TestOrganization, 'key'>): Promise<string> {
  const { answer } = await uploadFiles<{ answer: { submission: { databaseId: string } } }>(
    gateway,
    `mutation ($input: Upload${kind}Input!, $files: [File!]!) { answer: upload${kind}(input: $input, files: $files) {
      ... on Upload${kind}Payload { submission { databaseId } } } }`,
    { repository: { owner: 'acme', name: 'widgets' }, number: 1, commitSha: 'c0ffee' },
    uploads[kind] ?? [],
    key,
  );
  return answer.submission.databaseId;
}

const reprocess = `mutation ($id: ID!) { reprocessSubmission(id: $id) { __typename ... on Error { message }
  ... on ReprocessSubmissionPayload { submission { status rawExpiresAt } files { name accepted problem } } } }`;

/** Asks to read a submission again, and gives the answer. */
async function readAgain(id: string, key: string) {
  const { data, errors } = await gateway.graphql<{ reprocessSubmission: Record<string, unknown> }>(
    reprocess,
    { id },
    key,
  );
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.reprocessSubmission;
}

/** Everything that is stored of an organization's uploads, but for until when. */
async function contentsOf({ organizationId }: TestOrganization): Promise<unknown> {
  const tables = Object.values(models).map(
    ({ table }) => `SELECT '${table}' AS name, (SELECT json_agg(r.t ORDER BY r.t::text) FROM
      (SELECT to_jsonb(x) - 'last_used_at' - 'raw_expires_at' AS t FROM ${table} x WHERE organization_id = $1) r) AS rows`,
  );
  const { rows } = await gateway.db.pool.query<object>(tables.join(' UNION ALL '), [
    organizationId,
  ]);
  return rows;
}

async function blobKeys({ organizationId }: TestOrganization): Promise<string[]> {
  const files = await gateway.db.prisma.rawFile.findMany({ where: { organizationId } });
  return files.map(({ blobKey }) => blobKey);
}

/** What background tasks get, some days from now. */
function system(days = 0) {
  return {
    db: gateway.db,
    uploads: gateway.uploads,
    log: createLog(gateway.config, { write: () => undefined }),
    now: () => new Date(Date.now() + days * 86_400_000),
  };
}

describe.each(kinds)('an upload of %s', (kind) => {
  test('is stored once when it is read again, and when it is sent again', async () => {
    const organization = await gateway.createOrganization();
    const id = await upload(kind, organization);
    const stored = await contentsOf(organization);

    const answer = await readAgain(id, organization.key);
    const afterReading = await contentsOf(organization);
    await upload(kind, organization);

    expect(answer).toMatchObject({
      __typename: 'ReprocessSubmissionPayload',
      submission: { status: 'PROCESSED' },
    });
    expect(afterReading).toEqual(stored);
    expect(await contentsOf(organization)).toEqual(stored);
    expect(await spooledFiles(gateway)).toEqual([]);
  });

  test('that a dead gateway did not read is read by the next', async () => {
    const organization = await gateway.createOrganization();
    const { organizationId } = organization;
    const id = await upload(kind, organization);
    const stored = await contentsOf(organization);
    for (const table of readOfFiles)
      await gateway.db.pool.query(`DELETE FROM ${table} WHERE organization_id = $1`, [
        organizationId,
      ]);
    await gateway.db.pool.query(
      `UPDATE submissions SET status = 'PROCESSING', test_result_count = 0, created_at = created_at - interval '16 minutes'
        WHERE organization_id = $1`,
      [organizationId],
    );

    await finishSubmissions(system());

    await gateway.db.pool.query(
      `UPDATE submissions SET created_at = created_at + interval '16 minutes' WHERE organization_id = $1`,
      [organizationId],
    );
    expect(await readAgain(id, organization.key)).toMatchObject({
      submission: { status: 'PROCESSED' },
    });
    expect(withoutIds(await contentsOf(organization))).toEqual(withoutIds(stored));
  });
});

/** Reports have ids and times of their own each time they are stored. */
function withoutIds(contents: unknown): unknown {
  return JSON.parse(
    JSON.stringify(contents, (key, value: unknown) =>
      /^(id|report_id|coverage_report_id|security_report_id|created_at)$/.test(key) ? null : value,
    ),
  );
}

test('an upload that is being read is left alone, and one whose files were never kept has failed', async () => {
  const [young, lost] = [await gateway.createOrganization(), await gateway.createOrganization()];
  await upload('TestReports', young);
  await upload('TestReports', lost);
  await gateway.db.pool.query(
    `UPDATE submissions SET status = 'PROCESSING' WHERE organization_id = ANY ($1::uuid[])`,
    [[young.organizationId, lost.organizationId]],
  );
  await gateway.db.pool.query(
    `WITH gone AS (DELETE FROM raw_files WHERE organization_id = $1)
      UPDATE submissions SET created_at = created_at - interval '1 hour' WHERE organization_id = $1`,
    [lost.organizationId],
  );

  await finishSubmissions(system());

  const asked = '{ submissions { nodes { status failureReason } } }';
  expect(await gateway.graphql(asked, {}, young.key)).toEqual({
    data: { submissions: { nodes: [{ status: 'PROCESSING', failureReason: null }] } },
  });
  expect(await gateway.graphql(asked, {}, lost.key)).toMatchObject({
    data: {
      submissions: {
        nodes: [
          { status: 'FAILED', failureReason: expect.stringContaining('send them again') as string },
        ],
      },
    },
  });
});

test('after 30 days the files are gone, what was read of them stays, and they can be sent again', async () => {
  const organization = await gateway.createOrganization();
  const id = await upload('TestReports', organization);
  const keys = await blobKeys(organization);
  const asked = '{ submissions { nodes { rawExpiresAt testResultCount } } }';

  await expireRawFiles(system(29));
  const early = await readAgain(id, organization.key);
  await expireRawFiles(system(31));
  const late = await readAgain(id, organization.key);

  expect(early).toMatchObject({ submission: { rawExpiresAt: expect.any(String) as string } });
  expect(late).toEqual({
    __typename: 'ConflictError',
    message: expect.stringContaining('no longer kept') as string,
  });
  expect(keys).toHaveLength(3);
  for (const key of keys) await expect(gateway.uploads.blobs.size(key)).rejects.toThrow(key);
  expect(await gateway.graphql(asked, {}, organization.key)).toMatchObject({
    data: { submissions: { nodes: [{ rawExpiresAt: null, testResultCount: 10 }] } },
  });
  await upload('TestReports', organization);
  expect(await readAgain(id, organization.key)).toMatchObject({
    __typename: 'ReprocessSubmissionPayload',
  });
});

test('files that are gone from the blob store are asked for again', async () => {
  const organization = await gateway.createOrganization();
  const id = await upload('Coverage', organization);
  for (const key of await blobKeys(organization)) await gateway.uploads.blobs.remove(key);

  const answer = await readAgain(id, organization.key);

  expect(answer).toMatchObject({ __typename: 'ConflictError' });
  expect(await spooledFiles(gateway)).toEqual([]);
});

test('only who may ingest reads again, and nobody another’s upload, or one that is not there', async () => {
  const [mine, theirs] = [await gateway.createOrganization(), await gateway.createOrganization()];
  const id = await upload('TestReports', theirs);
  const { secret } = await createKey(gateway, theirs.key, 'READ');

  expect(await readAgain(id, secret)).toMatchObject({ __typename: 'ForbiddenError' });
  expect(await readAgain(id, mine.key)).toEqual({
    __typename: 'NotFoundError',
    message: `there is no submission ${id}`,
  });
  expect(await readAgain('0'.repeat(24), mine.key)).toMatchObject({ __typename: 'NotFoundError' });
});

test('a submission that was recorded without files cannot be read again', async () => {
  const { data } = await gateway.graphql<{ recordSubmission: { submission: { id: string } } }>(
    `mutation { recordSubmission(input: {repository: {owner: "acme", name: "widgets"}, key: "k"}) {
      ... on RecordSubmissionPayload { submission { id } } } }`,
  );

  const answer = await readAgain(data?.recordSubmission.submission.id ?? '', gateway.key);

  expect(answer).toMatchObject({ __typename: 'ConflictError' });
});
