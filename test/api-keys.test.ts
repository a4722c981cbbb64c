import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test, vi } from 'vitest';
import {
  createKey,
  createMutation,
  listKeys,
  type NewKey,
  revokeMutation,
  statusOf,
  viewerQuery,
} from './identity/key-operations.ts';
import { startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

test('a key made over GraphQL works with exactly its capabilities', async () => {
  const { key } = await gateway.createOrganization();
  const expiresAt = '2999-01-02T03:04:05.000Z';
  const input = { name: 'nightly', capabilities: ['READ', 'INGEST'], expiresAt };

  const { data } = await gateway.graphql(createMutation, { input }, key);

  expect(data).toMatchObject({
    createApiKey: {
      __typename: 'CreateApiKeyPayload',
      secret: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      apiKey: {
        name: 'nightly',
        capabilities: ['INGEST', 'READ'],
        expiresAt,
        revokedAt: null,
        lastUsedAt: null,
      },
    },
  });
  const { secret } = (data as { createApiKey: NewKey }).createApiKey;
  expect(await gateway.graphql(viewerQuery, {}, secret)).toMatchObject({
    data: { viewer: { apiKey: { name: 'nightly', capabilities: ['INGEST', 'READ'] } } },
  });
});

test('a wrong input is answered with a ValidationError that names each field', async () => {
  const input = { name: ' ', capabilities: [], expiresAt: '2001-01-01T00:00:00Z' };

  const { data, errors } = await gateway.graphql(createMutation, { input });

  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    createApiKey: {
      __typename: 'ValidationError',
      issues: [
        { path: ['input', 'name'] },
        { path: ['input', 'capabilities'] },
        { path: ['input', 'expiresAt'] },
      ],
    },
  });
});

test('the keys of an organization are paged, newest first, and hold no other organization', async () => {
  const { key } = await gateway.createOrganization();
  const made: string[] = [];
  for (const capability of ['READ', 'INGEST', 'EXECUTE'] as const) {
    made.unshift((await createKey(gateway, key, capability)).apiKey.id);
    await sleep(2); // times have milliseconds
  }

  const first = await listKeys(gateway, key, { first: 2 });
  const second = await listKeys(gateway, key, { first: 2, after: first.pageInfo.endCursor });

  expect(first.totalCount).toBe(4);
  expect([...first.nodes, ...second.nodes].map(({ id }) => id).slice(0, 3)).toEqual(made);
  expect(first.nodes.map(({ capabilities }) => capabilities)).toEqual([['EXECUTE'], ['INGEST']]);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
});

test('a revoked key is refused by the next request, and revoking it again changes nothing', async () => {
  const { key } = await gateway.createOrganization();
  const { secret, apiKey } = await createKey(gateway, key, 'READ');
  const input = { id: apiKey.id };
  expect(await statusOf(gateway, secret)).toBe(200);

  const first = await gateway.graphql(revokeMutation, { input }, key);
  const status = await statusOf(gateway, secret);
  const second = await gateway.graphql(revokeMutation, { input }, key);

  expect(status).toBe(401);
  expect(first).toMatchObject({ data: { revokeApiKey: { apiKey: { id: apiKey.id } } } });
  expect(second).toEqual(first);
});

test('a key revoked through one gateway is refused by another within milliseconds', async () => {
  const beside = await startGateway({ beside: gateway });
  const { key } = await gateway.createOrganization();
  const { secret, apiKey } = await createKey(gateway, key, 'READ');
  const query = { query: viewerQuery };
  const headers = { authorization: `Bearer ${secret}` };
  expect((await beside.post('/graphql', query, headers)).status).toBe(200);

  await gateway.graphql(revokeMutation, { input: { id: apiKey.id } }, key);

  const patience = { timeout: 2_000, interval: 10 }; // less than the 5 s of the cache
  await vi.waitFor(async () => {
    expect((await beside.post('/graphql', query, headers)).status).toBe(401);
  }, patience);
});

test('the key of another organization reads as a key that does not exist', async () => {
  const own = await gateway.createOrganization();
  const other = await gateway.createOrganization();
  const foreign = await createKey(gateway, other.key, 'READ');
  const revoke = (id: string) => gateway.graphql(revokeMutation, { input: { id } }, own.key);

  const answer = await revoke(foreign.apiKey.id);

  expect(answer).toMatchObject({ data: { revokeApiKey: { __typename: 'NotFoundError' } } });
  expect(await revoke('01234567-89ab-4def-8123-456789abcdef')).toEqual(answer);
  expect(await revoke('nonsense')).toEqual(answer);
  expect(await statusOf(gateway, foreign.secret)).toBe(200);
});

test('the last working admin key is revoked only by saying so', async () => {
  const { key } = await gateway.createOrganization();
  const { nodes } = await listKeys(gateway, key, {});
  const id = nodes[0]?.id;

  const refused = await gateway.graphql(revokeMutation, { input: { id } }, key);
  const input = { id, evenIfLastAdmin: true };
  const revoked = await gateway.graphql(revokeMutation, { input }, key);

  expect(refused).toMatchObject({ data: { revokeApiKey: { __typename: 'ConflictError' } } });
  expect(revoked).toMatchObject({ data: { revokeApiKey: { __typename: 'RevokeApiKeyPayload' } } });
  expect(await statusOf(gateway, key)).toBe(401);
});
