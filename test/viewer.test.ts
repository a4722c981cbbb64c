import { beforeAll, expect, test } from 'vitest';
import {
  createKey,
  createMutation,
  listQuery,
  revokeMutation,
  statusOf,
  viewerQuery,
} from './identity/key-operations.ts';
import { startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

test('the viewer is the key of the request and its organization', async () => {
  const { key, organizationId } = await gateway.createOrganization();

  const { data, errors } = await gateway.graphql(viewerQuery, {}, key);

  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    viewer: {
      organization: { databaseId: organizationId },
      apiKey: {
        name: 'test',
        hint: key.slice(-4),
        capabilities: ['INGEST', 'READ', 'MANAGE', 'ADMIN', 'EXECUTE'],
        expiresAt: null,
        revokedAt: null,
      },
    },
  });
});

test.each([
  'X-API-Key: KEY',
  'x-buildbuddy-api-key: KEY',
  'Authorization: Bearer KEY',
  'Authorization: bearer   KEY',
  'Authorization: TOKEN KEY',
  'Authorization: x-buildbuddy-api-key KEY',
  'Authorization: KEY',
])('the header "%s" presents a key', async (header) => {
  const [name = '', value = ''] = header.replace('KEY', gateway.key).split(': ');

  const response = await fetch(new URL('/graphql', gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', [name]: value },
    body: JSON.stringify({ query: viewerQuery }),
  });

  expect(response.status).toBe(200);
  expect(await response.json()).not.toHaveProperty('errors');
});

test.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer 0123456789012345678901234567890123456789'])(
  'the header "Authorization: %s" is answered with 401 and no data',
  async (authorization) => {
    const response = await gateway.post('/graphql', { query: viewerQuery }, { authorization });

    expect(response.status).toBe(401);
    expect(await response.json()).not.toHaveProperty('data.viewer');
  },
);

test('a key without ADMIN may ask who it is, and neither make, list nor revoke keys', async () => {
  const { key } = await gateway.createOrganization();
  const { secret, apiKey } = await createKey(gateway, key, 'INGEST', 'READ', 'MANAGE', 'EXECUTE');
  const input = { name: 'another', capabilities: ['READ'] };

  expect(await gateway.graphql(viewerQuery, {}, secret)).toMatchObject({
    data: { viewer: { apiKey: { id: apiKey.id } } },
  });
  expect(await gateway.graphql(createMutation, { input }, secret)).toMatchObject({
    data: { createApiKey: { __typename: 'ForbiddenError' } },
  });
  expect(await gateway.graphql(revokeMutation, { input: { id: apiKey.id } }, secret)).toMatchObject(
    { data: { revokeApiKey: { __typename: 'ForbiddenError' } } },
  );
  const { errors } = await gateway.graphql(listQuery, {}, secret);
  expect(errors).toHaveLength(1);
});

test('an INGEST key reads nothing but who it is', async () => {
  const { key } = await gateway.createOrganization();
  const { secret } = await createKey(gateway, key, 'INGEST');
  const nested = '{ viewer { organization { builds { nodes { id } } } } }';

  const viewer = await gateway.graphql(viewerQuery, {}, secret);
  const root = await gateway.graphql('{ builds { nodes { id } } }', {}, secret);
  const throughViewer = await gateway.graphql(nested, {}, secret);

  expect(viewer).toMatchObject({ data: { viewer: { apiKey: { capabilities: ['INGEST'] } } } });
  expect(root.errors).toHaveLength(1);
  expect(throughViewer.errors).toHaveLength(1);
});

test('the last use of a key is known after the gateway has stopped', async () => {
  const stopping = await startGateway({ beside: gateway });
  const before = new Date();
  await stopping.graphql(viewerQuery);

  await stopping.close();

  const { lastUsedAt } = await gateway.db.prisma.apiKey.findFirstOrThrow({
    where: { organizationId: stopping.organizationId },
  });
  expect(lastUsedAt?.getTime()).toBeGreaterThanOrEqual(before.getTime());
});

test('no secret is in the log', async () => {
  const { key } = await gateway.createOrganization();
  const { secret } = await createKey(gateway, key, 'READ');
  await statusOf(gateway, secret);
  await statusOf(gateway, 'deadbeefdeadbeefdeadbeefdeadbeefdeadbeef');

  const log = JSON.stringify(gateway.logs());

  expect(log).not.toContain(key);
  expect(log).not.toContain(secret);
  expect(log).not.toContain('deadbeef');
});
