import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Capability } from '../src/db/generated/prisma/enums.ts';
import { startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const viewerQuery = /* GraphQL */ `
  query Viewer {
    viewer {
      organization {
        databaseId
        slug
        name
      }
      apiKey {
        id
        name
        hint
        capabilities
        expiresAt
        revokedAt
        lastUsedAt
        createdAt
      }
    }
  }
`;

const createMutation = /* GraphQL */ `
  mutation Create($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      __typename
      ... on CreateApiKeyPayload {
        secret
        apiKey {
          id
          name
          hint
          capabilities
          expiresAt
          revokedAt
          lastUsedAt
        }
      }
      ... on ValidationError {
        issues {
          path
          message
        }
      }
      ... on Error {
        message
      }
    }
  }
`;

const revokeMutation = /* GraphQL */ `
  mutation Revoke($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      __typename
      ... on RevokeApiKeyPayload {
        apiKey {
          id
          revokedAt
        }
      }
      ... on Error {
        message
      }
    }
  }
`;

const listQuery = /* GraphQL */ `
  query Keys($first: Int, $after: String) {
    viewer {
      organization {
        apiKeys(first: $first, after: $after) {
          totalCount
          nodes {
            id
            capabilities
          }
          pageInfo {
            hasNextPage
            hasPreviousPage
            endCursor
          }
        }
      }
    }
  }
`;

interface NewKey {
  readonly secret: string;
  readonly apiKey: { readonly id: string };
}

interface KeyPage {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string; readonly capabilities: readonly Capability[] }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string;
  };
}

async function createKey(key: string, ...capabilities: Capability[]): Promise<NewKey> {
  const input = { name: 'key of a test', capabilities };
  const { data } = await gateway.graphql(createMutation, { input }, key);
  const { createApiKey } = data as unknown as { createApiKey: NewKey };
  return createApiKey;
}

async function listKeys(key: string, page: object): Promise<KeyPage> {
  const { data } = await gateway.graphql(listQuery, page, key);
  return (data as unknown as { viewer: { organization: { apiKeys: KeyPage } } }).viewer.organization
    .apiKeys;
}

const statusOf = async (key: string): Promise<number> => {
  const headers = { authorization: `Bearer ${key}` };
  return (await gateway.post('/graphql', { query: viewerQuery }, headers)).status;
};

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
  const { secret } = (data as unknown as { createApiKey: NewKey }).createApiKey;
  expect(await gateway.graphql(viewerQuery, {}, secret)).toMatchObject({
    data: { viewer: { apiKey: { name: 'nightly', capabilities: ['INGEST', 'READ'] } } },
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

test('a key without ADMIN may ask who it is, and neither make, list nor revoke keys', async () => {
  const { key } = await gateway.createOrganization();
  const { secret, apiKey } = await createKey(key, 'INGEST', 'READ', 'MANAGE', 'EXECUTE');
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
  const { secret } = await createKey(key, 'INGEST');
  const nested = '{ viewer { organization { builds { nodes { id } } } } }';

  const viewer = await gateway.graphql(viewerQuery, {}, secret);
  const root = await gateway.graphql('{ builds { nodes { id } } }', {}, secret);
  const throughViewer = await gateway.graphql(nested, {}, secret);

  expect(viewer).toMatchObject({ data: { viewer: { apiKey: { capabilities: ['INGEST'] } } } });
  expect(root.errors).toHaveLength(1);
  expect(throughViewer.errors).toHaveLength(1);
});

test('the keys of an organization are paged, newest first, and hold no other organization', async () => {
  const { key } = await gateway.createOrganization();
  const made: string[] = [];
  for (const capability of ['READ', 'INGEST', 'EXECUTE'] as const) {
    made.unshift((await createKey(key, capability)).apiKey.id);
    await sleep(2); // times have milliseconds
  }

  const first = await listKeys(key, { first: 2 });
  const second = await listKeys(key, { first: 2, after: first.pageInfo.endCursor });

  expect(first.totalCount).toBe(4);
  expect([...first.nodes, ...second.nodes].map(({ id }) => id).slice(0, 3)).toEqual(made);
  expect(first.nodes.map(({ capabilities }) => capabilities)).toEqual([['EXECUTE'], ['INGEST']]);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
});

test('a revoked key is refused by the next request, and revoking it again changes nothing', async () => {
  const { key } = await gateway.createOrganization();
  const { secret, apiKey } = await createKey(key, 'READ');
  const input = { id: apiKey.id };
  expect(await statusOf(secret)).toBe(200);

  const first = await gateway.graphql(revokeMutation, { input }, key);
  const status = await statusOf(secret);
  const second = await gateway.graphql(revokeMutation, { input }, key);

  expect(status).toBe(401);
  expect(first).toMatchObject({ data: { revokeApiKey: { apiKey: { id: apiKey.id } } } });
  expect(second).toEqual(first);
});

test('a key revoked through one gateway is refused by another within milliseconds', async () => {
  const beside = await startGateway({ beside: gateway });
  const { key } = await gateway.createOrganization();
  const { secret, apiKey } = await createKey(key, 'READ');
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
  const foreign = await createKey(other.key, 'READ');
  const revoke = (id: string) => gateway.graphql(revokeMutation, { input: { id } }, own.key);

  const answer = await revoke(foreign.apiKey.id);

  expect(answer).toMatchObject({ data: { revokeApiKey: { __typename: 'NotFoundError' } } });
  expect(await revoke('01234567-89ab-4def-8123-456789abcdef')).toEqual(answer);
  expect(await revoke('nonsense')).toEqual(answer);
  expect(await statusOf(foreign.secret)).toBe(200);
});

test('the last working admin key is revoked only by saying so', async () => {
  const { key } = await gateway.createOrganization();
  const { nodes } = await listKeys(key, {});
  const id = nodes[0]?.id;

  const refused = await gateway.graphql(revokeMutation, { input: { id } }, key);
  const input = { id, evenIfLastAdmin: true };
  const revoked = await gateway.graphql(revokeMutation, { input }, key);

  expect(refused).toMatchObject({ data: { revokeApiKey: { __typename: 'ConflictError' } } });
  expect(revoked).toMatchObject({ data: { revokeApiKey: { __typename: 'RevokeApiKeyPayload' } } });
  expect(await statusOf(key)).toBe(401);
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
  const { secret } = await createKey(key, 'READ');
  await statusOf(secret);
  await statusOf('deadbeefdeadbeefdeadbeefdeadbeefdeadbeef');

  const log = JSON.stringify(gateway.logs());

  expect(log).not.toContain(key);
  expect(log).not.toContain(secret);
  expect(log).not.toContain('deadbeef');
});
