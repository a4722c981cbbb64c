import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const report = '<testsuite name="unit"><testcase classname="A" name="a" time="0.1"/></testsuite>';

/** Sends a body to `POST /api/v1/results` and gives status and answer. */
async function send(
  body: BodyInit,
  {
    query = '',
    headers = {},
    key = gateway.key,
  }: { query?: string; headers?: Readonly<Record<string, string>>; key?: string } = {},
) {
  const response = await fetch(`${gateway.url}/api/v1/results${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function form(fields: Readonly<Record<string, string>>, ...files: string[]): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  for (const [index, text] of files.entries())
    data.append('file', new File([text], `r${index}.xml`));
  return data;
}

test('a form with one file and nothing else makes a build of its own (buildbutler.md 7.7)', async () => {
  const first = await send(form({}, report));
  const again = await send(form({}, report));

  expect(first.status).toBe(201);
  expect(first.body).toMatchObject({ accepted: 1, files: [{ name: 'r0.xml', format: 'JUNIT' }] });
  expect(again.status).toBe(200);
  expect(again.body).toMatchObject({ accepted: 0, duplicates: 1, build: first.body['build'] });
});

test('the build is named by query or form fields, and the fields win', async () => {
  const query = '?repository=acme/widgets&job=ci&number=1&branch=main';

  const { body } = await send(form({ number: '2', commitSha: 'abc' }, report), { query });

  const { data } = await gateway.graphql(
    `{ builds(filter: {repository: "acme/widgets"}) { nodes { databaseId jobName number branch commitSha } } }`,
  );
  expect(data).toEqual({
    builds: {
      nodes: [
        {
          databaseId: (body['build'] as { id: string }).id,
          jobName: 'ci',
          number: 2,
          branch: 'main',
          commitSha: 'abc',
        },
      ],
    },
  });
});

test.each([
  ['as it is', report, {}],
  ['packed', new Uint8Array(gzipSync(report)), { 'content-encoding': 'gzip' }],
  ['in UTF-16', new Uint8Array(Buffer.from(`\uFEFF${report}`, 'utf16le')), {}],
])('the report may be the body itself: %s', async (_how, body, headers) => {
  const query = `?repository=acme/raw&number=1`;

  const answer = await send(body, {
    query,
    headers: { 'content-type': 'application/xml', ...headers },
  });

  expect(answer.body).toMatchObject({ files: [{ name: 'report', format: 'JUNIT', attempts: 1 }] });
});

test.each([
  ['no key', { headers: { authorization: '' } }, 401],
  ['a number that is none', { query: '?number=seven' }, 400],
  ['a repository without owner', { query: '?repository=widgets' }, 400],
  ['an unknown build', { query: '?buildId=00000000-0000-4000-8000-000000000000' }, 404],
  ['an encoding that is not known', { headers: { 'content-encoding': 'br' } }, 400],
])('%s is refused', async (_what, options, status) => {
  const answer = await send(report, options);

  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ error: { message: expect.any(String) as string } });
});

test('what is no report is answered with 422, kept, and says why', async () => {
  const { status, body } = await send('hello', { query: '?repository=acme/none&number=1' });

  expect(status).toBe(422);
  expect(body).toMatchObject({ submission: { status: 'FAILED' }, accepted: 0 });
});
