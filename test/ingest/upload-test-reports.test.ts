import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { UploadTestReportsDocument } from '../../src/client/index.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const repository = { owner: 'acme', name: 'widgets' };

function junit(...cases: string[]): string {
  return `<testsuites><testsuite name="unit">${cases.join('')}</testsuite></testsuites>`;
}

function file(name: string, text: string | Buffer): File {
  return new File([typeof text === 'string' ? text : new Uint8Array(text)], name);
}

/** Uploads and gives the payload; fails on an error. */
async function upload(input: object, ...files: File[]) {
  const { uploadTestReports } = await gateway.query(UploadTestReportsDocument, {
    input: { repository, ...input },
    files,
  });
  if (uploadTestReports.__typename !== 'UploadTestReportsPayload') {
    throw new Error(JSON.stringify(uploadTestReports));
  }
  return uploadTestReports;
}

test('an uploaded report is stored with its build and submission, and read back', async () => {
  const report = junit(
    '<testcase classname="StoreTest" name="is empty" time="0.003"/>',
    '<testcase classname="StoreTest" name="survives" time="1.2"><failure message="no">at x</failure></testcase>',
  );

  const answer = await upload(
    { jobName: 'ci', number: 7, commitSha: 'c0ffee', branch: 'main' },
    file('a.xml', report),
  );

  expect(answer).toMatchObject({ accepted: 2, duplicates: 0, rejectedCount: 0 });
  expect(answer.files).toMatchObject([{ name: 'a.xml', format: 'JUNIT', attempts: 2 }]);
  const { data } = await gateway.graphql<Record<string, unknown>>(
    `query ($id: [ID!]!) { nodes(ids: $id) { ... on Submission { kind status testResultCount
      health { nodes { name format accepted problem } } build { jobName number status source }
      testResults(orderBy: {field: DURATION, direction: ASC}) { nodes { status message stackTrace commitSha testCase { name suite } } } } } }`,
    { id: [Buffer.from(`Submission:${answer.submission.databaseId}`).toString('base64')] },
  );
  expect(data?.['nodes']).toEqual([
    {
      kind: 'TEST_RESULTS',
      status: 'PROCESSED',
      testResultCount: 2,
      health: { nodes: [{ name: 'a.xml', format: 'JUNIT', accepted: 2, problem: null }] },
      build: { jobName: 'ci', number: 7, status: 'OTHER', source: 'upload' },
      testResults: {
        nodes: [
          {
            status: 'PASSED',
            message: null,
            stackTrace: null,
            commitSha: 'c0ffee',
            testCase: { name: 'is empty', suite: 'unit' },
          },
          {
            status: 'FAILED',
            message: 'no',
            stackTrace: 'at x',
            commitSha: 'c0ffee',
            testCase: { name: 'survives', suite: 'unit' },
          },
        ],
      },
    },
  ]);
});

describe('sent again', () => {
  test('a whole upload, and a part of it, are duplicates', async () => {
    const one = file('one.xml', junit('<testcase name="a" time="1"/>'));
    const two = file('two.xml', junit('<testcase name="b" time="1"/>'));

    const first = await upload({ number: 8 }, one, two);
    const again = await upload({ number: 8 }, two, one);
    const part = await upload({ number: 8 }, file('other-name.xml.gz', gzipSync(await two.text())));

    expect(first).toMatchObject({ accepted: 2, duplicates: 0 });
    expect(again).toMatchObject({ accepted: 0, duplicates: 2 });
    expect(again.submission.databaseId).toBe(first.submission.databaseId);
    expect(part).toMatchObject({ accepted: 0, duplicates: 1 });
  });
});

test('a half bad upload stores its good half and says what it left', async () => {
  const answer = await upload(
    { number: 9 },
    file('good.xml', junit('<testcase name="a" time="1"/>')),
    file('half.xml', '<testsuite name="s"><testcase name="b" time="2"/><testcase name='),
    file('photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3])),
  );

  expect(answer.submission.status).toBe('PROCESSED');
  expect(answer).toMatchObject({ accepted: 2 });
  expect(
    answer.files.map(({ name, accepted, problem }) => [name, accepted, problem !== null]),
  ).toEqual([
    ['good.xml', 1, false],
    ['half.xml', 1, true],
    ['photo.png', 0, true],
  ]);
});

test('an upload of which nothing can be read is kept as failed, with the reason', async () => {
  const answer = await upload(
    { number: 10 },
    file('x.xml', '<!DOCTYPE x [<!ENTITY e "v">]><testsuite/>'),
  );

  expect(answer.submission.status).toBe('FAILED');
  expect(answer.submission.failureReason).toContain('DOCTYPE');
});

test('the spool is empty when the answer is there', async () => {
  await upload({ number: 11 }, file('a.xml', junit('<testcase name="a"/>')));

  const spool = join(gateway.config.dataDir, 'spool');
  const left = readdirSync(spool).flatMap((dir) => readdirSync(join(spool, dir)));
  expect(left).toEqual([]);
});
