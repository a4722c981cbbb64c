import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description?: string }>>;
}
interface Document {
  readonly openapi: string;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let gateway: TestGateway;
let document: Document;
let operations: (Operation & { readonly name: string })[];
beforeAll(async () => {
  gateway = await startGateway();
  document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      name: `${method} ${path}`,
    })),
  );
});

test('the document is OpenAPI 3.1 and names every route of the ingest API under both prefixes', () => {
  const names = ['builds', 'pipeline-stages', 'stages', 'tests', 'agents', 'security-reports'];

  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      ...names.flatMap((name) => [`/ingest/${name}`, `/api/v1/ingest/${name}`]),
      '/api/v1/results',
      '/health',
    ]),
  );
});

test('every operation has a summary, an id of its own and answers with descriptions', () => {
  expect(operations.filter(({ summary }) => !summary)).toEqual([]);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { name, responses } of operations) {
    expect(
      Object.keys(responses).filter((status) => status.startsWith('2')),
      name,
    ).not.toEqual([]);
    expect(
      Object.values(responses).filter(({ description }) => !description),
      name,
    ).toEqual([]);
  }
});

test('every operation that needs a key says what comes without one', () => {
  const secured = operations.filter(({ security }) => security?.length !== 0);

  expect(secured.filter(({ responses }) => responses['401'] === undefined)).toEqual([]);
  expect(operations.filter(({ security }) => security === undefined)).toEqual([]);
});

test.each([
  ['TestCaseReport', undefined],
  ['SuiteReport', ['buildId']],
  ['BuildLogReport', ['buildId', 'logContent']],
  ['BuildReport', ['jobName', 'status']],
])('%s requires what its reader requires', (name, required) => {
  expect(document.components.schemas[name]).toMatchObject({ type: 'object' });
  const { required: said } = document.components.schemas[name] as { required?: string[] };
  expect(said).toEqual(required);
});

test('what the routes of the ingest API refuse is there, also for want of disk', () => {
  const { responses } = document.paths['/ingest/tests']?.['post'] ?? { responses: {} };

  expect(Object.keys(responses)).toEqual(expect.arrayContaining(['413', '507']));
});

test('a range that is not in a log is answered without a body', () => {
  const { responses } = document.paths['/builds/{id}/log']?.['get'] ?? { responses: {} };

  expect(responses['416']).not.toHaveProperty('content');
});

test('every reference in the document leads to a schema', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, to]) => to,
  );

  expect(references.length).toBeGreaterThan(10);
  const schemas = Object.keys(document.components.schemas).map(
    (name) => `#/components/schemas/${name}`,
  );
  expect(schemas).toEqual(expect.arrayContaining(references));
});

test('every path in the document is a route: without a key it says so', async () => {
  const secured = operations.filter(({ security }) => security?.length !== 0);

  for (const { name } of secured) {
    const [method = '', path = ''] = name.split(' ');
    const url = `${gateway.url}${path}`
      .replace('{provider}', 'github')
      .replace(/\{\w+\}/, '00000000-0000-4000-8000-000000000000');
    const { status } = await fetch(url, { method: method.toUpperCase() });
    expect({ name, status }).toEqual({ name, status: 401 });
  }
});

test.each([
  ['/docs', './'],
  ['/docs/', '../'],
])('%s is a page that needs no key and loads nothing from elsewhere', async (path, base) => {
  const response = await fetch(gateway.url + path);
  const page = await response.text();

  expect(response.status).toBe(200);
  expect(response.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self';/,
  );
  expect(page).not.toMatch(/https?:/);
  const links = [...page.matchAll(/(?:src|href)="([^".][^"]*)"/g)].map(([, link = '']) => link);
  expect(links).toHaveLength(5);
  for (const link of links) {
    const { status } = await fetch(new URL(base + link, gateway.url + path));
    expect({ link, status }).toEqual({ link, status: 200 });
  }
});
