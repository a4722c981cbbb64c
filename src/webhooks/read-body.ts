import { abortable } from '../blobs/abortable.ts';
import { readToEnd } from '../blobs/read-to-end.ts';
import { DomainError, TooLargeError, ValidationError } from '../errors.ts';
import type { ReadWebhook } from '../ingest/webhook-translation.ts';
import { isObject } from './fields.ts';

/** GitHub's largest; others send less. */
const maxBodyBytes = 25 * 1024 * 1024;

/** CI systems wait ten seconds for an answer; who takes longer to ask holds others up. */
const patienceMs = 15_000;

type Sent = Pick<Request, 'body' | 'headers'>;

/** The body was too slow in coming. */
export class SlowBodyError extends DomainError {}

/**
 * Gives the body as it came, byte for byte.
 *
 * @throws {TooLargeError} when it has more than 25 MiB
 * @throws {SlowBodyError} when it has not come within 15 seconds, or `withinMs`
 * @throws {ValidationError} when it breaks off
 */
export async function rawBody(request: Sent, withinMs: number = patienceMs): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of bodyOf(request, withinMs)) {
      size += chunk.byteLength;
      if (size > maxBodyBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new ValidationError([{ path: ['body'], message: 'broke off' }]);
  }
  return Buffer.concat(chunks);
}

/** Reads a body that nobody wants, and keeps nothing of it, so that the answer reaches its sender. Never fails. */
export async function dropBody(request: Sent): Promise<void> {
  try {
    const chunks = bodyOf(request, patienceMs);
    while ((await chunks.next()).done !== true);
  } catch {
    return; // it broke off or hangs: nobody waits for the answer
  }
}

/** What is too much is read and dropped, so that the answer reaches its sender. */
async function* bodyOf(
  { body, headers }: Sent,
  withinMs: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  if (Number(headers.get('content-length') ?? 0) > 4 * maxBodyBytes) throw tooLarge();
  const slow = new AbortController();
  const patience = setTimeout(() => {
    slow.abort(new SlowBodyError(`The body has not come within ${String(withinMs)} ms.`));
  }, withinMs);
  try {
    // The fetch API's types do not say yet that streams of bytes can be iterated.
    const sent = body as unknown as AsyncIterable<Uint8Array>;
    yield* readToEnd(abortable(sent, slow.signal), 4 * maxBodyBytes);
  } finally {
    clearTimeout(patience);
  }
}

function tooLarge(): TooLargeError {
  return new TooLargeError(`The body is larger than ${String(maxBodyBytes)} bytes.`);
}

/** Gives the JSON in a body, which GitHub may be told to send in a form. Bytes that are no UTF-8 become U+FFFD. */
export const readWebhook: ReadWebhook = (body, headers) => {
  const text = new TextDecoder().decode(body);
  if (text.trim() === '') return { problem: 'The body is empty.' };
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const json = isForm ? new URLSearchParams(text).get('payload') : text;
  if (json === null) return { problem: 'The form has no field "payload".' };
  const payload = parse(json);
  return isObject(payload) ? { payload } : { problem: 'The body is no JSON object.' };
};

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
