import type { GraphQLAnswer, TestGateway } from '../support/start-gateway.ts';

/** An answer with its HTTP status. */
export interface Answered extends GraphQLAnswer<Readonly<Record<string, unknown>>> {
  readonly status: number;
}

/** What goes with an operation. A key of null: none is presented. */
export interface Asking {
  readonly variables?: object;
  readonly operationName?: string;
  readonly key?: string | null;
}

/** Asks as a client that knows GraphQL over HTTP: what is wrong with a request is then a 4xx. */
export async function ask(
  gateway: TestGateway,
  query: string,
  asking: Asking = {},
): Promise<Answered> {
  const response = await send(gateway, query, asking);
  const answer = (await response.json()) as Omit<Answered, 'status'>; // GraphQL over HTTP
  return { ...answer, status: response.status };
}

/** The same, for a test that looks at the bytes. */
export async function send(
  gateway: TestGateway,
  query: string,
  { key = gateway.key, ...operation }: Asking = {},
): Promise<Response> {
  return fetch(new URL('/graphql', gateway.url), {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json',
      'content-type': 'application/json',
      ...(key !== null && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ query, ...operation }),
  });
}

/** The first error of an answer, for an operation that is refused as a whole. */
export function refusal({ status, data, errors = [] }: Answered) {
  const [error] = errors;
  return {
    status,
    data,
    count: errors.length,
    code: error?.extensions?.['code'],
    message: error?.message ?? '',
  };
}
