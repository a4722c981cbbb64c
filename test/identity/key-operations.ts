import type { Capability } from '../../src/db/generated/prisma/enums.ts';
import type { TestGateway } from '../support/start-gateway.ts';

export const viewerQuery = /* GraphQL */ `
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

export const createMutation = /* GraphQL */ `
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

export const revokeMutation = /* GraphQL */ `
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

export const listQuery = /* GraphQL */ `
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

export interface NewKey {
  readonly secret: string;
  readonly apiKey: { readonly id: string };
}

export interface KeyPage {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string; readonly capabilities: readonly Capability[] }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string;
  };
}

/** Makes a key with these capabilities, with an admin key of the organization. */
export async function createKey(
  gateway: TestGateway,
  adminKey: string,
  ...capabilities: Capability[]
): Promise<NewKey> {
  const input = { name: 'key of a test', capabilities };
  const { data } = await gateway.graphql(createMutation, { input }, adminKey);
  return (data as { createApiKey: NewKey } | undefined)?.createApiKey ?? missing();
}

/** Reads a page of the keys of the key's organization. */
export async function listKeys(gateway: TestGateway, key: string, page: object): Promise<KeyPage> {
  const { data } = await gateway.graphql(listQuery, page, key);
  const answer = data as { viewer: { organization: { apiKeys: KeyPage } } } | undefined;
  return answer?.viewer.organization.apiKeys ?? missing();
}

/** The HTTP status with which the gateway answers the key. */
export async function statusOf(gateway: TestGateway, key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  return (await gateway.post('/graphql', { query: viewerQuery }, headers)).status;
}

function missing(): never {
  throw new Error('the answer holds no data');
}
