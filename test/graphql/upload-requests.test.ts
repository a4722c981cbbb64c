import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { body, field, file } from '../blobs/multipart-body.ts';
import { hangUp, sendHeaders } from '../support/hang-up.ts';
import { spooledFiles } from '../support/spooled-files.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

afterEach(async () => {
  await expect.poll(() => spooledFiles(gateway)).toEqual([]);
});

const report = '<testsuite name="unit"><testcase name="a" time="1"/></testsuite>';
const contentType = 'multipart/form-data; boundary=cut';

const query = `mutation ($input: UploadTestReportsInput!, $files: [File!]!) {
  uploadTestReports(input: $input, files: $files) { __typename ... on Error { message }
    ... on UploadTestReportsPayload { accepted duplicates files { name } submission { status } } } }`;

/** The field `operations` for so many files of a build with this number. */
function operations(number: number, files: readonly unknown[] = [null]): string {
  const input = { repository: { owner: 'acme', name: 'widgets' }, number };
  return field('operations', JSON.stringify({ query, variables: { input, files } }));
}

const map = (paths: object) => field('map', JSON.stringify(paths));
const onePart = file('0', 'a.xml', report);

/** Sends a multipart body as it is, and gives status and answer. */
async function post(sent: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await gateway.post('/graphql', sent, {
    'content-type': contentType,
    ...headers,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** How a request is refused as a whole. */
function refused(status: number, message: string) {
  return {
    status,
    body: { errors: [{ message: expect.stringContaining(message) as string }] },
  };
}

test('files go where the map says, in whatever order the parts come', async () => {
  const usual = await post(body(operations(1), map({ 0: ['variables.files.0'] }), onePart));
  const filesFirst = await post(body(onePart, map({ 0: ['variables.files.0'] }), operations(1)));

  expect(usual).toMatchObject({
    status: 200,
    body: { data: { uploadTestReports: { accepted: 1 } } },
  });
  expect(filesFirst.body).toMatchObject({ data: { uploadTestReports: { duplicates: 1 } } });
});

test('one part may stand in several places', async () => {
  const twice = { 0: ['variables.files.0', 'variables.files.1'] };

  const answer = await post(body(operations(2, [null, null]), map(twice), onePart));

  expect(answer.body).toEqual({
    data: {
      uploadTestReports: {
        __typename: 'UploadTestReportsPayload',
        accepted: 1,
        duplicates: 1,
        files: [{ name: 'a.xml' }, { name: 'a.xml' }],
        submission: { status: 'PROCESSED' },
      },
    },
  });
});

describe('refused with what is wrong', () => {
  const mapped = map({ 0: ['variables.files.0'] });

  test.each([
    ['no operations', body(mapped, onePart), '"operations" is missing'],
    ['no map', body(operations(4), onePart), '"map" is missing'],
    [
      'operations that are no JSON',
      body(field('operations', '{'), mapped, onePart),
      '"operations" is not JSON',
    ],
    [
      'a map that is no map',
      body(operations(4), field('map', '[["x"]]'), onePart),
      '"map" is not JSON',
    ],
    [
      'several operations',
      body(field('operations', '[{}, {}]'), mapped, onePart),
      'An array of operations',
    ],
    [
      'a part that is not there',
      body(operations(4), map({ 1: ['variables.files.0'] })),
      'the part "1", which is not there',
    ],
    [
      'a part that the map does not name',
      body(operations(4), mapped, onePart, file('unused', 'b.xml', report)),
      'does not name the part "unused"',
    ],
    [
      'two parts of one name',
      body(operations(4), mapped, onePart, onePart),
      'several parts with the name "0"',
    ],
    [
      'a file where a field was meant',
      body(operations(4), map({ operations: ['variables.files.0'] })),
      'the part "operations", which',
    ],
    [
      'a path that leads nowhere',
      body(operations(4), map({ 0: ['variables.files.7'] }), onePart),
      '"variables.files.7", where',
    ],
    ['an empty path', body(operations(4), map({ 0: [''] }), onePart), 'a file at ""'],
    [
      'a path to a prototype',
      body(operations(4), map({ 0: ['variables.__proto__.polluted'] }), onePart),
      '"variables.__proto__.polluted", where',
    ],
    [
      'a path to another prototype',
      body(operations(4), map({ 0: ['variables.constructor.prototype.x'] }), onePart),
      'where "operations" has no null',
    ],
    [
      'a path through a value',
      body(operations(4), map({ 0: ['variables.input.number.x'] }), onePart),
      'where "operations" has no null',
    ],
    [
      'a path through a file',
      body(operations(4), map({ 0: ['variables.files.0', 'variables.files.0.file'] }), onePart),
      'where "operations" has no null',
    ],
    [
      'all variables',
      body(
        field('operations', JSON.stringify({ query, variables: null })),
        map({ 0: ['variables'] }),
        onePart,
      ),
      'a file at "variables"',
    ],
    [
      'something else than a variable',
      body(
        field('operations', JSON.stringify({ query, extensions: { x: null } })),
        map({ 0: ['extensions.x'] }),
        onePart,
      ),
      'a file at "extensions.x"',
    ],
    [
      'a path without end',
      body(operations(4), map({ 0: [`variables${'.files'.repeat(30)}`] }), onePart),
      'where "operations" has no null',
    ],
    [
      'a body that breaks off',
      body(operations(4), mapped).replace('--cut--', `--cut\r\n${onePart}`),
      'ends too early',
    ],
    ['an empty body', '', 'ends too early'],
  ])('%s', async (_what, sent, message) => {
    expect(await post(sent)).toMatchObject(refused(400, message));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('no boundary', async () => {
    const answer = await post(body(), { 'content-type': 'multipart/form-data' });

    expect(answer).toMatchObject(refused(400, 'multipart'));
  });

  test('more than 1,000 files', async () => {
    const parts = Array.from({ length: 1001 }, (_, index) => file(String(index), 'x.xml', report));

    expect(await post(body(operations(4), mapped, ...parts))).toMatchObject(
      refused(413, 'more than 1000 files'),
    );
  });

  test('more than 512 MiB, before any of it is sent', async () => {
    const headers = {
      authorization: `Bearer ${gateway.key}`,
      'content-type': contentType,
      'content-length': 512 * 1024 * 1024 + 1,
    };

    const { status, body: text } = await sendHeaders(new URL('/graphql', gateway.url), headers);

    expect(status).toBe(413);
    expect(text).toContain('512 MiB');
  });
});

test.each([
  ['JSON text', ['a.xml'], 'must be a file of a multipart request'],
  [
    'a JSON object like a file of ours',
    [{ file: { path: '/etc/passwd', name: 'x', sizeBytes: 1, sha256: '0' } }],
    'must be a file of a multipart request',
  ],
  ['null', [null], 'to be null'],
])('%s is no file', async (_what, files, message) => {
  const input = { repository: { owner: 'acme', name: 'widgets' }, number: 5 };

  const answer = await gateway.graphql(query, { input, files });

  expect(answer.errors).toMatchObject([{ message: expect.stringContaining(message) as string }]);
  expect(answer.data).toBeUndefined();
});

test('a file cannot stand in the document', async () => {
  const literal = 'mutation { uploadTestReports(input: {}, files: ["a.xml"]) { __typename } }';

  const { errors } = await gateway.graphql(literal);

  expect(errors).toMatchObject([
    { message: expect.stringContaining('send it as a variable') as string },
  ]);
});

test('an upload without files is a mistake', async () => {
  const answer = await post(body(operations(6, []), map({})));

  expect(answer.body).toMatchObject({
    data: {
      uploadTestReports: {
        __typename: 'ValidationError',
        message: expect.stringContaining('at least one file') as string,
      },
    },
  });
});

test('a client that hangs up leaves nothing', async () => {
  const beginning = body(operations(9), map({ 0: ['variables.files.0'] }), onePart).replace(
    '--cut--',
    '',
  );

  await hangUp(gateway, '/graphql', contentType, beginning);

  await expect.poll(() => spooledFiles(gateway)).toEqual([]);
  const { data } = await gateway.graphql('{ builds { nodes { number } } }');
  expect(data).not.toMatchObject({
    builds: { nodes: expect.arrayContaining([{ number: 9 }]) as unknown },
  });
});
