import { type Client, createClient, type RequestOptions } from '../../client/create-client.ts';
import { BusyError, type RetryOptions, retryAfterMs, withRetries } from './retry.ts';

export interface ConnectOptions extends RetryOptions {
  /** The GraphQL endpoint. */
  readonly url: string;
  readonly apiKey: string;
  /** Ends what is being sent. */
  readonly signal: AbortSignal;
}

/** A gateway that is asked again when it cannot answer. */
export interface Gateway {
  /**
   * Sends one request, until it is answered. `sizeBytes` is the size of its files.
   *
   * @throws {GraphQLRequestError} when it is refused; what `withRetries` throws when there is no answer
   */
  readonly send: <Data>(
    request: (client: Client, options: RequestOptions) => Promise<Data>,
    sizeBytes?: number,
  ) => Promise<Data>;
}

const bytesPerMs = 256; // 0.25 MB/s: a slow uplink
const shortestMs = 30_000;
/** About what Node's fetch waits for an answer anyway. */
const longestMs = 290_000;

/** Makes requests of the typed client that have a time limit each and are repeated. */
export function connect({ url, apiKey, signal, ...retry }: ConnectOptions): Gateway {
  const client = createClient({ url, apiKey, fetch: fetchOrBusy });
  return {
    send: (request, sizeBytes = 0) =>
      withRetries(() => {
        const timeoutMs = Math.min(longestMs, shortestMs + Math.ceil(sizeBytes / bytesPerMs));
        return request(client, {
          signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]),
        });
      }, retry),
  };
}

/** Tells "not now" from "no", with how long to wait: the error of a client has no headers. */
const fetchOrBusy: typeof fetch = async (input, init) => {
  // Where it may follow a redirect, Node keeps all of a body to send it again: a file of 900 MB took 900 MB, now 10.
  const response = await fetch(input, { ...init, redirect: 'error', window: null });
  if (response.status !== 429 && response.status < 500) return response;
  const waitMs = retryAfterMs(response.headers.get('retry-after'), new Date());
  throw new BusyError(response.status, waitMs, messageIn(await response.text()));
};

/** The first message of a GraphQL answer; pages of proxies say nothing that helps. */
function messageIn(body: string): string | undefined {
  return /"message":\s*"([^"]{1,300})"/.exec(body.slice(0, 10_000))?.[1];
}
