import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { readEvents } from './read-events.ts';
import { requestBody } from './request-body.ts';
import { GraphQLRequestError } from './request-error.ts';
import { answeredData, readAnswer, type Answer } from './answer.ts';

/**
 * An operation that knows the types of its answer and variables: one of this package's documents, or
 * one that your own codegen made from `schema.graphql` with `documentMode: 'string'`.
 */
export type TypedDocument<Data, Variables> = DocumentTypeDecoration<Data, Variables> & {
  toString(): string & DocumentTypeDecoration<Data, Variables>;
};

export interface ClientOptions {
  /** Address of the GraphQL endpoint, e.g. `https://ci.example.com/graphql`. */
  readonly url: string | URL;
  /** Key of the organization: 40 hex digits. */
  readonly apiKey: string;
  /** Stands in for the global `fetch`: proxies, tracing, tests. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface RequestOptions {
  /** Ends the request; it then fails with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Variables may be left out where the operation requires none. */
type Rest<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: RequestOptions]
    : [variables: Variables, options?: RequestOptions];

export interface Client {
  /**
   * Runs one query or mutation and gives its data. Files among the variables are uploaded. Nothing is retried.
   *
   * @throws {GraphQLRequestError} when the answer has errors, or is none
   */
  readonly query: <Data, Variables>(
    document: TypedDocument<Data, Variables>,
    ...rest: Rest<Variables>
  ) => Promise<Data>;
  /**
   * Runs one subscription and gives the data of each event until the gateway completes it. Leaving
   * the loop, or aborting the signal, ends the request.
   *
   * @throws {GraphQLRequestError} when an event has errors, or the connection ends too early
   */
  readonly subscribe: <Data, Variables>(
    document: TypedDocument<Data, Variables>,
    ...rest: Rest<Variables>
  ) => AsyncGenerator<Data, void>;
}

/** Makes a client of one gateway. It holds no connection and needs no closing. */
export function createClient(options: ClientOptions): Client {
  const fetch = options.fetch ?? globalThis.fetch;

  const send = (
    accept: string,
    document: { toString(): string },
    variables: unknown,
    { signal }: RequestOptions,
  ): Promise<Response> => {
    const { body, headers } = requestBody(document.toString(), variables);
    return fetch(options.url, {
      method: 'POST',
      headers: { ...headers, accept, authorization: `Bearer ${options.apiKey}` },
      body,
      ...(signal && { signal }),
    });
  };

  return {
    async query<Data, Variables>(
      document: TypedDocument<Data, Variables>,
      ...[variables, request = {}]: Rest<Variables>
    ): Promise<Data> {
      const accept = 'application/graphql-response+json, application/json;q=0.9';
      const response = await send(accept, document, variables, request);
      return answeredData(response.status, await readAnswer<Data>(response));
    },

    async *subscribe<Data, Variables>(
      document: TypedDocument<Data, Variables>,
      ...[variables, request = {}]: Rest<Variables>
    ): AsyncGenerator<Data, void> {
      const response = await send('text/event-stream', document, variables, request);
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
      if (isStream !== true || response.body === null) {
        yield answeredData(response.status, await readAnswer<Data>(response));
        return;
      }
      for await (const { name, data } of readEvents(response.body)) {
        if (name === 'complete') return;
        // The document's type says what its data is; the gateway checked it against the schema.
        if (name === 'next') yield answeredData(response.status, JSON.parse(data) as Answer<Data>);
      }
      const message = 'The connection ended before the subscription did.';
      throw new GraphQLRequestError(response.status, [{ message }]);
    },
  };
}
