import { getIntrospectionQuery, parse, validate } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { exampleTabs } from '../../src/graphql/example-tabs.ts';
import { schema } from '../../src/graphql/schema.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { ask, refusal } from './ask.ts';
import { recordAll } from './operations.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
  await recordAll(gateway, gateway.key);
});

/** Opens an address as a browser does. */
const open = ({ url }: TestGateway, path: string) =>
  fetch(new URL(path, url), {
    redirect: 'manual',
    headers: { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
  });

test('a browser gets GraphiQL, which loads nothing from anywhere else', async () => {
  const response = await open(gateway, '/graphql');
  const html = await response.text();

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(html).toContain('<title>Buildatlas</title>');
  const page = html.replace(/(<script\b[^>]*>)[\s\S]*?<\/script>/g, '$1');
  const elements = [...page.matchAll(/<(?:script|link|iframe|img|source|embed|object)\b[^>]*>/g)];
  const loaded = elements.flatMap(([tag]) => [
    ...tag.matchAll(/(?:src|href|data)=["']?([^"'\s>]+)/g),
  ]);
  expect(elements.length).toBeGreaterThan(1);
  expect(
    loaded.map(([, address = '']) => address).filter((address) => !address.startsWith('data:')),
  ).toEqual([]);
  expect(html).not.toMatch(/unpkg\.com|jsdelivr\.net|esm\.sh|cdnjs|googleapis\.com/);
  expect(html).not.toMatch(/@import\s|url\(\s*["']?(?:https?:)?\/\//);
});

test('GraphiQL opens with the example tabs, and with a place for the key', async () => {
  const html = await (await open(gateway, '/graphql')).text();

  for (const tab of exampleTabs(new Date()))
    expect(html).toContain(JSON.stringify(tab).slice(1, 40));
  expect(html).toContain('Bearer YOUR_KEY');
  expect(html).not.toContain(gateway.key);
});

test.each(exampleTabs(new Date()).map((tab) => [tab.split('\n')[0] ?? '', tab] as const))(
  'the tab "%s" is valid and runs',
  async (_title, tab) => {
    expect(validate(schema, parse(tab))).toEqual([]);

    const { data, errors } = await ask(gateway, tab);

    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toMatch(/"(Validation|Forbidden|NotFound|Conflict)Error"/);
  },
);

test('the address of the gateway leads to GraphiQL', async () => {
  const response = await open(gateway, '/');

  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe('/graphql');
});

test('without GraphiQL a browser gets an answer in JSON, and the API works', async () => {
  const plain = await startGateway({ env: { GRAPHIQL: 'false' } });

  const page = await open(plain, '/graphql');

  expect(page.headers.get('content-type')).toContain('json');
  expect(await page.text()).toContain('Must provide query string');
  expect((await open(plain, '/')).status).toBe(404);
  expect(await ask(plain, '{ builds { totalCount } }')).not.toHaveProperty('errors');
});

test('without introspection the schema is refused with a word on why, and queries work', async () => {
  const closed = await startGateway({ env: { INTROSPECTION: 'false' } });

  for (const query of [
    '{ __schema { queryType { name } } }',
    '{ __type(name: "Build") { name } }',
    getIntrospectionQuery(),
  ]) {
    const refused = refusal(await ask(closed, query));
    expect(refused.status).toBe(400);
    expect(refused.message).toMatch(/introspection/i);
  }
  expect(await ask(closed, '{ __typename builds { nodes { __typename } } }')).not.toHaveProperty(
    'errors',
  );
});

test('a field that is misspelled says what was meant, unless the schema is not to be known', async () => {
  const closed = await startGateway({ env: { INTROSPECTION: 'false' } });

  expect(refusal(await ask(gateway, '{ buids { totalCount } }')).message).toContain(
    'Did you mean "builds"',
  );
  expect(refusal(await ask(closed, '{ buids { totalCount } }')).message).not.toContain('builds');
  const query = 'query($filter: BuildFilter) { builds(filter: $filter) { totalCount } }';
  for (const filter of [{ brunch: ['main'] }, { brunch: ['main'] }, { status: 'SUCCES' }]) {
    const open = refusal(await ask(gateway, query, { variables: { filter } }));
    const hidden = refusal(await ask(closed, query, { variables: { filter } }));
    expect(open.message).toContain('Did you mean');
    expect(hidden.message).not.toContain('Did you mean');
    expect(hidden.code).toBe('BAD_USER_INPUT');
  }
});

test.each(['/nowhere', '/graphql/nowhere', '/graphql/', '/graphqlx', '/health/x'])(
  '%s is a 404 in JSON',
  async (path) => {
    const response = await open(gateway, path);

    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { code: 'not_found', message: 'There is nothing here; GraphQL is at /graphql.' },
    });
  },
);

test('/health says ok, without a key', async () => {
  const response = await open(gateway, '/health');

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});
