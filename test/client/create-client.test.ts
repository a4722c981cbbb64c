import { expect, test, vi } from 'vitest';
import { createClient, type TypedDocument } from '../../src/client/create-client.ts';
import { GraphQLRequestError } from '../../src/client/request-error.ts';

interface Builds {
  readonly builds: number;
}

// What codegen makes of an operation: its text, which the compiler knows the types of.
const document = 'query Builds { builds }' as TypedDocument<Builds, { first?: number }>;

function clientOf(answer: Response) {
  const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(answer));
  return { fetch, ...createClient({ url: 'http://gateway/graphql', apiKey: 'k3y', fetch }) };
}

function eventStream(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
}

async function failureOf(work: Promise<unknown>): Promise<GraphQLRequestError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (error instanceof GraphQLRequestError) return error;
  throw new Error(`expected a GraphQLRequestError, got ${String(error)}`);
}

async function collect<Item>(items: AsyncIterable<Item>, into: Item[] = []): Promise<Item[]> {
  for await (const item of items) into.push(item);
  return into;
}

test('a query is posted with the key, and gives the data', async () => {
  const { query, fetch } = clientOf(Response.json({ data: { builds: 3 } }));

  const data = await query(document, { first: 1 });

  expect(data.builds).toBe(3);
  const [url, request] = fetch.mock.calls[0] ?? [];
  expect(url).toBe('http://gateway/graphql');
  expect(request?.headers).toMatchObject({ authorization: 'Bearer k3y' });
  expect(request?.body).toBe('{"query":"query Builds { builds }","variables":{"first":1}}');
});

test('an answer with errors is thrown with all of them, the status and the data', async () => {
  const errors = [{ message: 'no', path: ['builds', 0] }, { message: 'never' }];
  const { query } = clientOf(Response.json({ data: null, errors }, { status: 401 }));

  const error = await failureOf(query(document));

  expect(error).toMatchObject({ message: 'no; never', status: 401, errors, data: null });
});

test('the page of a proxy is thrown with its status and text', async () => {
  const { query } = clientOf(new Response('<h1>Bad gateway</h1>', { status: 502 }));

  const error = await failureOf(query(document));

  expect(error.message).toBe('HTTP 502, no GraphQL answer: <h1>Bad gateway</h1>');
  expect(error.status).toBe(502);
});

test('an answer with neither data nor errors is an error', async () => {
  const { query } = clientOf(Response.json({ data: null }));

  const error = await failureOf(query(document));

  expect(error.message).toBe('The answer has neither data nor errors.');
});

test('a signal reaches fetch', async () => {
  const { query, fetch } = clientOf(Response.json({ data: { builds: 3 } }));
  const { signal } = new AbortController();

  await query(document, {}, { signal });

  expect(fetch.mock.calls[0]?.[1]?.signal).toBe(signal);
});

test('a subscription gives each event until it is complete', async () => {
  const { subscribe } = clientOf(
    eventStream(
      ':\n\nevent: next\ndata: {"data":{"builds":1}}\n\nevent: next\ndata: {"data":{"builds":2}}\n\n' +
        'event: complete\ndata:\n\n',
    ),
  );

  expect(await collect(subscribe(document))).toEqual([{ builds: 1 }, { builds: 2 }]);
});

test('a subscription that loses its connection throws after what came', async () => {
  const { subscribe } = clientOf(eventStream('event: next\ndata: {"data":{"builds":1}}\n\n'));
  const seen: Builds[] = [];

  const error = await failureOf(collect(subscribe(document), seen));

  expect(seen).toEqual([{ builds: 1 }]);
  expect(error.message).toBe('The connection ended before the subscription did.');
});

test('a subscription that is refused throws the errors', async () => {
  const errors = [{ message: 'no such key' }];
  const { subscribe } = clientOf(Response.json({ errors }, { status: 401 }));

  const error = await failureOf(collect(subscribe(document)));

  expect(error).toMatchObject({ message: 'no such key', status: 401 });
});

test('an event with errors is thrown', async () => {
  const { subscribe } = clientOf(
    eventStream('event: next\ndata: {"errors":[{"message":"bug 7"}]}\n\n'),
  );

  const error = await failureOf(collect(subscribe(document)));

  expect(error.message).toBe('bug 7');
});
