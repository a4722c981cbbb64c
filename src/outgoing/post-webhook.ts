import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { storableText } from '../domain/text.ts';
import { errorCode } from '../error-code.ts';
import { type Address, addressesOf, type Outgoing, refusalOf } from './target.ts';

const patienceMs = 15_000;
const readAtMostBytes = 64 * 1024;
const keptCharacters = 1_000;

/** What came of sending a webhook. */
export interface Outcome {
  /** Of the HTTP answer; null when none came. */
  readonly statusCode: number | null;
  /** The first 1,000 characters of its body; null when none came. */
  readonly answer: string | null;
  /** Its header `retry-after`, if it has one. */
  readonly retryAfter: string | null;
  /** Why the webhook was not taken; null when it was. */
  readonly error: string | null;
}

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends a webhook and gives what came of it within 15 seconds. Follows no redirect, and connects to no address but
 * those that were looked up and checked.
 */
export async function postWebhook(
  post: Post,
  outgoing: Outgoing,
  waitMs = patienceMs,
): Promise<Outcome> {
  const signal = AbortSignal.timeout(waitMs);
  try {
    return await exchange(post, outgoing, signal);
  } catch (error) {
    const reason = signal.aborted ? `no answer within ${String(waitMs / 1000)} s` : reasonOf(error);
    return { statusCode: null, answer: null, retryAfter: null, error: reason };
  }
}

async function exchange(post: Post, outgoing: Outgoing, signal: AbortSignal): Promise<Outcome> {
  // The hosts that are allowed may be others than when the endpoint was made.
  const refusal = refusalOf(post.url, outgoing);
  if (refusal !== null) throw new Error(`the URL ${refusal}`);
  const url = new URL(post.url);
  const addresses = await before(signal, addressesOf(url, outgoing));
  const response = await send(url, post, { signal, lookup: pinnedTo(addresses) });
  const status = response.statusCode ?? 0;
  const answer = await startOf(response);
  return {
    statusCode: status,
    answer,
    retryAfter: response.headers['retry-after'] ?? null,
    error: errorOf(status),
  };
}

/** Looking up a host cannot be stopped; it can be left alone. */
function before<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('too late'));
    });
    work.then(resolve, reject);
  });
}

function pinnedTo(addresses: readonly Address[]): LookupFunction {
  return (_hostname, { all }, done) => {
    const [first] = addresses;
    if (all === true) done(null, [...addresses]);
    else if (first === undefined) done(new Error('the host has no address'), '');
    else done(null, first.address, first.family);
  };
}

function send(
  url: URL,
  { headers, body }: Post,
  options: Pick<RequestOptions, 'signal' | 'lookup'>,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, {
      ...options,
      method: 'POST',
      agent: false, // no connection of an earlier webhook, to an address that was checked then
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
}

/**
 * The status says whether the webhook was taken, so that an answer that breaks off, or is longer than 64 KiB, is as
 * good as a whole one.
 */
function startOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= readAtMostBytes) response.destroy();
    });
    const finish = (): void => {
      const text = new TextDecoder().decode(Buffer.concat(chunks));
      resolve(storableText(text.slice(0, keptCharacters)));
    };
    response.on('close', finish).on('error', finish);
  });
}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) {
    return `answered ${String(status)}: redirects are not followed`;
  }
  return `answered ${String(status)}`;
}

/** In words that say nothing about addresses of private networks. */
function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (code !== '') return `could not be reached: ${code}`;
  return error instanceof Error ? error.message : String(error);
}
