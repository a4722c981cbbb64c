import { afterEach, beforeAll, expect, test } from 'vitest';
import { createKey } from '../identity/key-operations.ts';
import { multipartForm, postForm, uploadFiles } from '../ingest/upload-files.ts';
import { sendHeaders } from '../support/hang-up.ts';
import { spooledFiles } from '../support/spooled-files.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

afterEach(async () => {
  expect(await spooledFiles(gateway)).toEqual([]);
});

const report = '<testsuite name="unit"><testcase name="a" time="1"/></testsuite>';
const input = { repository: { owner: 'acme', name: 'widgets' }, number: 1 };
const query = `mutation ($input: UploadTestReportsInput!, $files: [File!]!) {
  uploadTestReports(input: $input, files: $files) { __typename ... on Error { message }
    ... on UploadTestReportsPayload { accepted submission { status } files { name accepted } } } }`;

/** How a request is answered of which only the headers were sent. */
function answerToHeaders(key: string) {
  return sendHeaders(new URL('/graphql', gateway.url), {
    authorization: `Bearer ${key}`,
    'content-type': 'multipart/form-data; boundary=cut',
    'content-length': 1_000_000,
  });
}

test.each([
  ['no key', ''],
  ['a key that is none', 'ba_nothing'],
])('with %s, the answer is 401 before the body is sent', async (_what, key) => {
  const form = multipartForm({ query, variables: { input } }, [['a.xml', report]]);

  const answer = await answerToHeaders(key);
  const whole = await postForm(gateway, form, key);

  expect(answer.status).toBe(401);
  expect(answer.body).toContain('UNAUTHENTICATED');
  expect(whole.status).toBe(401);
});

test('a key that may only read is refused before the body is sent', async () => {
  const { secret } = await createKey(gateway, gateway.key, 'READ');

  const answer = await answerToHeaders(secret);

  expect(JSON.parse(answer.body)).toMatchObject({
    errors: [
      { message: expect.stringContaining('INGEST') as string, extensions: { code: 'FORBIDDEN' } },
    ],
  });
});

test('a key that may only ingest sees what became of the files, and no build', async () => {
  const { secret } = await createKey(gateway, gateway.key, 'INGEST');
  const withBuild = query.replace('accepted', 'accepted build { jobName }');

  const seen = await uploadFiles(gateway, query, input, [['a.xml', report]], secret);
  const asked = uploadFiles(gateway, withBuild, input, [['a.xml', report]], secret);

  expect(seen).toEqual({
    uploadTestReports: {
      __typename: 'UploadTestReportsPayload',
      accepted: 1,
      submission: { status: 'PROCESSED' },
      files: [{ name: 'a.xml', accepted: 1 }],
    },
  });
  await expect(asked).rejects.toThrow('READ');
});
